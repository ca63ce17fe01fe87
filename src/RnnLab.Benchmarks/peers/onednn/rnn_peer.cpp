// oneDNN's LSTM and GRU primitives as a server on stdin and stdout: a request a line, its work done once, an answer a line.
//
//     rnn_peer THREADS            prints "ready dnnl 2.6.3 threads 2"
//     prepare lstm|gru T B I H    ok
//     forward N                   seconds per forward pass, mean of N
//     train N                     seconds per forward and backward pass, mean of N
//     rnn_peer --check            holds both cells to a plain loop, forward and gradients, and prints "check passed"
//
// An error is one line on stderr and exit code 1. It is started with OMP_WAIT_POLICY=passive, as every peer: OpenMP's threads would
// otherwise spin between requests and take the cores from the program that is measured in turn. That alone would make
// oneDNN up to 2.6 times as slow, and ten times at B = 1: see configure_threads.
//
// The GRU is lbr_gru (linear before reset), the equation of PyTorch's and RnnLab's GRU; vanilla_gru is another cell.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <memory>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include <dnnl.hpp>

using dnnl::memory;
using tag = memory::format_tag;

enum class Cell { Lstm, Gru };

struct Shape {
    memory::dim T, B, I, H;
};

using Ids = std::vector<int>;
const Ids Inputs = {DNNL_ARG_SRC_LAYER, DNNL_ARG_SRC_ITER, DNNL_ARG_SRC_ITER_C,
                    DNNL_ARG_WEIGHTS_LAYER, DNNL_ARG_WEIGHTS_ITER, DNNL_ARG_BIAS};
const Ids Outputs = {DNNL_ARG_DST_LAYER, DNNL_ARG_DST_ITER, DNNL_ARG_DST_ITER_C};
const Ids ParameterGradients = {DNNL_ARG_DIFF_WEIGHTS_LAYER, DNNL_ARG_DIFF_WEIGHTS_ITER, DNNL_ARG_DIFF_BIAS};
const Ids InputGradients = {DNNL_ARG_DIFF_SRC_LAYER, DNNL_ARG_DIFF_SRC_ITER, DNNL_ARG_DIFF_SRC_ITER_C};
const Ids OutputGradients = {DNNL_ARG_DIFF_DST_LAYER, DNNL_ARG_DIFF_DST_ITER, DNNL_ARG_DIFF_DST_ITER_C};

// A primitive, its arguments, and the reorders that bring plain weights into the layout that it asked for.
struct Pass {
    struct Packing {
        dnnl::reorder reorder;
        memory plain, packed;
    };
    dnnl::primitive primitive;
    std::unordered_map<int, memory> args;
    std::vector<Packing> packings;

    // Packs in every run: in training an update has changed the weights since the last.
    void run(dnnl::stream &stream) {
        for (auto &p : packings)
            p.reorder.execute(stream, p.plain, p.packed);
        primitive.execute(stream, args);
        stream.wait();
    }
};

float *data(const memory &m) { return static_cast<float *>(m.get_data_handle()); }

std::size_t count(const memory &m) { return m.get_desc().get_size() / sizeof(float); }

// One layer, left to right, float32. Plain weights are (I, G, H) and (H, G, H), gates in the order i f g o for the LSTM and z r n for
// the GRU, whose bias has a fourth row for the recurrent product of n.
class Layer {
public:
    Layer(Cell cell, Shape s) : engine_(dnnl::engine::kind::cpu, 0), stream_(engine_) {
        const auto desc = [](memory::dims dims, tag t) { return memory::desc(dims, memory::data_type::f32, t); };
        const memory::dim G = cell == Cell::Lstm ? 4 : 3;
        const memory::dims ih = {1, 1, s.I, G, s.H}, hh = {1, 1, s.H, G, s.H};
        const auto x = desc({s.T, s.B, s.I}, tag::tnc), y = desc({s.T, s.B, s.H}, tag::tnc);
        const auto h = desc({1, 1, s.B, s.H}, tag::ldnc), b = desc({1, 1, 4, s.H}, tag::ldgo);
        const auto wx = desc(ih, tag::any), wh = desc(hh, tag::any);
        tensors_[DNNL_ARG_WEIGHTS_LAYER] = memory(desc(ih, tag::ldigo), engine_);
        tensors_[DNNL_ARG_WEIGHTS_ITER] = memory(desc(hh, tag::ldigo), engine_);

        using namespace dnnl;
        const auto training = prop_kind::forward_training, backward = prop_kind::backward;
        const auto right = rnn_direction::unidirectional_left2right;
        if (cell == Cell::Lstm) {
            lstm_forward::primitive_desc f({training, right, x, h, h, wx, wh, b, y, h, h}, engine_);
            connect<lstm_forward, lstm_backward>(
                f, {{backward, right, x, h, h, wx, wh, b, y, h, h, x, h, h, wx, wh, b, y, h, h}, engine_, f});
        } else {
            lbr_gru_forward::primitive_desc f({training, right, x, h, wx, wh, b, y, h}, engine_);
            connect<lbr_gru_forward, lbr_gru_backward>(
                f, {{backward, right, x, h, wx, wh, b, y, h, x, h, wx, wh, b, y, h}, engine_, f});
        }
        const float bound = 1 / std::sqrt(static_cast<float>(s.H));
        std::mt19937 generator(1);
        std::uniform_real_distribution<float> uniform(-bound, bound);
        for (const auto &ids : {Inputs, OutputGradients})
            for (const int id : ids)
                if (has(id))
                    std::generate_n(data(tensors_[id]), count(tensors_[id]), [&] { return uniform(generator); });
        train(); // Once untimed, so that no request pays for untouched pages.
    }

    void forward() { forward_.run(stream_); }

    // The gradients stay in the layout that the primitive chose; an optimiser works element by element and need not mind.
    void train() {
        forward();
        for (const int id : ParameterGradients) // The primitive adds into these.
            std::memset(tensors_[id].get_data_handle(), 0, tensors_[id].get_desc().get_size());
        backward_.run(stream_);
    }

    bool has(int id) const { return tensors_.count(id) != 0; }

    // A tensor's values, in the order of the tensor `like`.
    std::vector<double> values(int id, int like) {
        memory plain(tensors_.at(like).get_desc(), engine_);
        dnnl::reorder(tensors_.at(id), plain).execute(stream_, tensors_.at(id), plain);
        stream_.wait();
        return {data(plain), data(plain) + count(plain)};
    }

private:
    dnnl::engine engine_;
    dnnl::stream stream_;
    std::unordered_map<int, memory> tensors_;
    Pass forward_, backward_;

    template <class Forward, class Backward>
    void connect(const typename Forward::primitive_desc &f, const typename Backward::primitive_desc &b) {
        forward_.primitive = Forward(f);
        backward_.primitive = Backward(b);
        for (const auto &ids : {Inputs, Outputs, Ids{DNNL_ARG_WORKSPACE}}) {
            bind(forward_, f, ids);
            bind(backward_, b, ids);
        }
        for (const auto &ids : {OutputGradients, ParameterGradients, InputGradients})
            bind(backward_, b, ids);
    }

    // The passes share a tensor, unless one wants it in another layout: that one packs a copy of its own.
    void bind(Pass &pass, const dnnl::primitive_desc_base &desc, const Ids &ids) {
        for (const int id : ids) {
            const auto wanted = desc.query_md(dnnl::query::exec_arg_md, id);
            if (wanted.is_zero())
                continue;
            if (!has(id))
                tensors_[id] = memory(wanted, engine_);
            const memory shared = tensors_[id];
            pass.args[id] = shared.get_desc() == wanted ? shared : memory(wanted, engine_);
            if (shared.get_desc() != wanted)
                pass.packings.push_back({dnnl::reorder(shared, pass.args[id]), shared, pass.args[id]});
        }
    }
};

using Values = std::unordered_map<int, std::vector<double>>;

// The same layer as a plain loop in double: adds the outputs to `v`.
void unroll(Cell cell, Shape s, Values &v) {
    const bool lstm = cell == Cell::Lstm;
    const memory::dim G = lstm ? 4 : 3;
    const auto &x = v.at(DNNL_ARG_SRC_LAYER), &b = v.at(DNNL_ARG_BIAS);
    const auto &wx = v.at(DNNL_ARG_WEIGHTS_LAYER), &wh = v.at(DNNL_ARG_WEIGHTS_ITER);
    auto h = v.at(DNNL_ARG_SRC_ITER), c = lstm ? v.at(DNNL_ARG_SRC_ITER_C) : h;
    std::vector<double> y;
    const auto sigmoid = [](double z) { return 1 / (1 + std::exp(-z)); };
    for (memory::dim t = 0; t < s.T; t++) {
        const auto before = h;
        for (memory::dim n = 0; n < s.B; n++)
            for (memory::dim j = 0; j < s.H; j++) {
                double a[4], r[4];
                for (memory::dim g = 0; g < G; g++) {
                    a[g] = b[g * s.H + j];
                    r[g] = !lstm && g == 2 ? b[3 * s.H + j] : 0;
                    for (memory::dim i = 0; i < s.I; i++)
                        a[g] += x[(t * s.B + n) * s.I + i] * wx[(i * G + g) * s.H + j];
                    for (memory::dim k = 0; k < s.H; k++)
                        r[g] += before[n * s.H + k] * wh[(k * G + g) * s.H + j];
                }
                auto &hj = h[n * s.H + j], &cj = c[n * s.H + j];
                if (lstm) {
                    cj = sigmoid(a[1] + r[1]) * cj + sigmoid(a[0] + r[0]) * std::tanh(a[2] + r[2]);
                    hj = sigmoid(a[3] + r[3]) * std::tanh(cj);
                } else {
                    const double z = sigmoid(a[0] + r[0]);
                    hj = z * hj + (1 - z) * std::tanh(a[2] + sigmoid(a[1] + r[1]) * r[2]);
                }
            }
        y.insert(y.end(), h.begin(), h.end());
    }
    v[DNNL_ARG_DST_LAYER] = y;
    v[DNNL_ARG_DST_ITER] = h;
    v[DNNL_ARG_DST_ITER_C] = c;
}

// Σ of outputs times the gradients that the backward pass is given.
double loss(Cell cell, Shape s, Values &v) {
    unroll(cell, s, v);
    double sum = 0;
    for (std::size_t o = 0; o < Outputs.size(); o++)
        if (const auto d = v.find(OutputGradients[o]); d != v.end())
            for (std::size_t i = 0; i < d->second.size(); i++)
                sum += d->second[i] * v.at(Outputs[o])[i];
    return sum;
}

void require_close(double difference, double bound, const std::string &what) {
    if (!(difference < bound))
        throw std::runtime_error(what + " differs from the plain loop by " + std::to_string(difference));
}

void check(Cell cell, Shape s) {
    Layer layer(cell, s);
    layer.train(); // The second time, so that gradients which were not zeroed are found.
    Values v;
    for (const auto &ids : {Inputs, OutputGradients})
        for (const int id : ids)
            if (layer.has(id))
                v[id] = layer.values(id, id);
    unroll(cell, s, v);
    for (const int id : Outputs)
        if (layer.has(id)) {
            const auto ours = layer.values(id, id);
            for (std::size_t i = 0; i < ours.size(); i++)
                require_close(std::abs(ours[i] - v[id][i]), 1e-4, "an output");
        }
    // Central differences, relative to a tensor's largest gradient, at a few elements of each.
    Ids gradients = InputGradients; // In the order of Inputs.
    gradients.insert(gradients.end(), ParameterGradients.begin(), ParameterGradients.end());
    for (std::size_t g = 0; g < gradients.size(); g++) {
        if (!layer.has(gradients[g]))
            continue;
        const auto ours = layer.values(gradients[g], Inputs[g]);
        double largest = 0;
        for (const double d : ours)
            largest = std::max(largest, std::abs(d));
        for (std::size_t i = 0; i < ours.size(); i += ours.size() / 8 + 1) {
            auto &element = v[Inputs[g]][i];
            const double before = element, step = 1e-5;
            element = before + step;
            const double above = loss(cell, s, v);
            element = before - step;
            const double below = loss(cell, s, v);
            element = before;
            require_close(std::abs(ours[i] - (above - below) / (2 * step)) / largest, 1e-3, "a gradient");
        }
    }
}

template <class T> T read(std::istream &words, const char *what) {
    T value;
    if (!(words >> value) || value <= 0)
        throw std::invalid_argument(std::string("expected ") + what + ", a whole number above zero");
    return value;
}

std::unique_ptr<Layer> prepare(std::istream &words) {
    std::string cell;
    if (!(words >> cell) || (cell != "lstm" && cell != "gru"))
        throw std::invalid_argument("expected lstm or gru, not '" + cell + "'");
    Shape s{};
    s.T = read<memory::dim>(words, "T");
    s.B = read<memory::dim>(words, "B");
    s.I = read<memory::dim>(words, "I");
    s.H = read<memory::dim>(words, "H");
    return std::make_unique<Layer>(cell == "lstm" ? Cell::Lstm : Cell::Gru, s);
}

void serve() {
    std::unique_ptr<Layer> layer;
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string verb;
        words >> verb;
        if (verb == "prepare") {
            layer.reset(); // First, so that two never hold memory at once.
            layer = prepare(words);
            std::cout << "ok" << std::endl;
            continue;
        }
        if (verb != "forward" && verb != "train")
            throw std::invalid_argument("unknown request '" + line + "'");
        if (!layer)
            throw std::invalid_argument("'" + line + "' before prepare");
        const auto times = read<int>(words, "N");
        const auto start = std::chrono::steady_clock::now();
        for (int i = 0; i < times; i++)
            verb == "train" ? layer->train() : layer->forward();
        std::cout << std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / times << std::endl;
    }
}

// oneDNN's threads meet several times a time step, and are slow to wake where they sleep at each meeting. A spin of well under a
// millisecond, which overrules the wait policy, gives full speed, and the cores are idle soon after an answer. OpenMP reads its
// settings before main: the program starts itself again with them. A GOMP_SPINCOUNT of the caller's is left as it is.
void configure_threads(const std::string &threads, char **argv) {
    if (dnnl::version()->cpu_runtime != DNNL_RUNTIME_OMP)
        throw std::runtime_error("this oneDNN does not run on OpenMP");
    const char *set = std::getenv("OMP_NUM_THREADS");
    if (set && set == threads && std::getenv("GOMP_SPINCOUNT"))
        return;
    setenv("OMP_NUM_THREADS", threads.c_str(), 1);
    setenv("GOMP_SPINCOUNT", "10000", 0);
    execv(std::filesystem::read_symlink("/proc/self/exe").c_str(), argv);
    throw std::runtime_error("cannot start itself again");
}

int main(int argc, char **argv) try {
    std::istringstream argument(argc == 2 ? argv[1] : "");
    if (argument.str() == "--check") {
        for (const Cell cell : {Cell::Lstm, Cell::Gru})
            for (const Shape s : {Shape{5, 3, 7, 9}, Shape{3, 16, 32, 64}})
                check(cell, s);
        std::cout << "check passed" << std::endl;
        return 0;
    }
    const auto threads = std::to_string(read<int>(argument, "THREADS or --check"));
    configure_threads(threads, argv);
    const auto *v = dnnl::version();
    std::cout.precision(9);
    std::cout << "ready dnnl " << v->major << '.' << v->minor << '.' << v->patch << " threads " << threads << std::endl;
    serve();
    return 0;
} catch (const dnnl::error &e) {
    std::cerr << "rnn_peer: oneDNN: " << e.what() << " (status " << e.status << ")" << std::endl;
    return 1;
} catch (const std::exception &e) {
    std::cerr << "rnn_peer: " << e.what() << std::endl;
    return 1;
}
