// The native half of TorchSharp.Bridge: libtorch's operators called by name through the dispatcher, and the few things
// that are not operators. Schemas, not C++ signatures, are the interface, so one source serves libtorch 1.13 and later.
//
// A tensor crosses the boundary as an owned TensorImpl*; null is "no tensor". Every function that can throw returns a
// status (0, or the number of results): kFailed leaves the message in a thread-local string for bridge_last_error, kThrown
// a handle to C#'s own exception for bridge_last_exception.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <dlfcn.h>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>
#include <ATen/core/stack.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/DefaultDtype.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <c10/core/ScalarTypeToTypeMeta.h>
#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/cuda.h>
#include <torch/version.h>

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {

constexpr int kFailed = -1;
constexpr int kThrown = -2;
thread_local std::string last_error;
thread_local std::shared_ptr<void> last_exception;

// An exception that C# threw in a callback, on its way through libtorch back to C#; libtorch may copy it and take it to another thread.
struct ManagedError : std::exception {
    explicit ManagedError(std::shared_ptr<void> thrown) : exception(std::move(thrown)) {}
    const char* what() const noexcept override { return "an exception in a C# callback"; }
    std::shared_ptr<void> exception;
};

enum class Tag : int32_t { None, Tensor, Int, Double, Bool, IntList, DoubleList, TensorList, String, Device, Generator };

// One argument or result. `count` is the length of a list or string, or a device's index.
struct Value {
    Tag tag;
    int32_t count;
    union {
        void* pointer;
        int64_t integer;
        double real;
    };
};

enum class Kind : uint8_t { Other, Scalar, Int, Double, Bool, IntList, DoubleList, BoolList, TensorList };

struct Parameter {
    Kind kind;
    c10::TypePtr element;  // of a list
    std::decay_t<decltype(std::declval<const c10::Argument&>().default_value())> fallback;  // the schema's default
    std::string name;
};

struct Operator {
    c10::OperatorHandle handle;
    std::string name;
    std::vector<Parameter> parameters;
};

Kind kind_of(const c10::TypePtr& type, c10::TypePtr& element) {
    switch (type->kind()) {
        case c10::TypeKind::OptionalType:
            return kind_of(type->expectRef<c10::OptionalType>().getElementType(), element);
        case c10::TypeKind::NumberType: return Kind::Scalar;
        case c10::TypeKind::IntType:
        case c10::TypeKind::SymIntType: return Kind::Int;
        case c10::TypeKind::FloatType: return Kind::Double;
        case c10::TypeKind::BoolType: return Kind::Bool;
        case c10::TypeKind::ListType:
            element = type->expectRef<c10::ListType>().getElementType();
            switch (element->kind()) {
                case c10::TypeKind::IntType:
                case c10::TypeKind::SymIntType: return Kind::IntList;
                case c10::TypeKind::FloatType: return Kind::DoubleList;
                case c10::TypeKind::BoolType: return Kind::BoolList;
                case c10::TypeKind::TensorType:
                case c10::TypeKind::OptionalType: return Kind::TensorList;
                default: return Kind::Other;
            }
        default: return Kind::Other;
    }
}

at::Tensor borrow(void* tensor) {
    if (tensor == nullptr) {
        return {};
    }
    return at::Tensor(c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::reclaim_copy(static_cast<at::TensorImpl*>(tensor)));
}

void* give(at::Tensor tensor) {
    return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr;
}

at::Tensor take(void* tensor) {
    if (tensor == nullptr) {
        return {};
    }
    return at::Tensor(c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::reclaim(static_cast<at::TensorImpl*>(tensor)));
}

// An array for bridge_free, of handles that the caller owns.
void** give_all(std::vector<at::Tensor>& tensors) {
    auto items = static_cast<void**>(std::malloc(sizeof(void*) * std::max<size_t>(tensors.size(), 1)));
    for (size_t i = 0; i < tensors.size(); ++i) {
        items[i] = give(std::move(tensors[i]));
    }
    return items;
}

at::Generator borrow_generator(void* generator) {
    return at::Generator(c10::intrusive_ptr<c10::GeneratorImpl>::reclaim_copy(static_cast<c10::GeneratorImpl*>(generator)));
}

std::vector<at::Tensor> borrow_all(void* const* tensors, int64_t count) {
    std::vector<at::Tensor> all;
    all.reserve(count);
    for (int64_t i = 0; i < count; ++i) {
        all.push_back(borrow(tensors[i]));
    }
    return all;
}

[[noreturn]] void mismatch(const Operator& op, const Parameter& parameter) {
    TORCH_CHECK(false, op.name, ": the value given for '", parameter.name, "' does not fit the operator's schema");
}

c10::IValue number(const Value& value, const Operator& op, const Parameter& parameter) {
    switch (value.tag) {
        case Tag::Int: return value.integer;
        case Tag::Double: return value.real;
        case Tag::Bool: return value.integer != 0;
        default: mismatch(op, parameter);
    }
}

c10::IValue convert(const Value& value, const Operator& op, const Parameter& parameter) {
    switch (value.tag) {
        case Tag::None: return {};
        case Tag::Tensor: return value.pointer == nullptr ? c10::IValue() : c10::IValue(borrow(value.pointer));
        case Tag::Int:
        case Tag::Double:
        case Tag::Bool:
            switch (parameter.kind) {
                case Kind::Int: return value.tag == Tag::Double ? static_cast<int64_t>(value.real) : value.integer;
                case Kind::Double: return value.tag == Tag::Double ? value.real : static_cast<double>(value.integer);
                case Kind::Bool: return value.tag == Tag::Double ? value.real != 0 : value.integer != 0;
                case Kind::IntList: return c10::List<int64_t>({value.integer});
                default: return number(value, op, parameter);
            }
        case Tag::IntList: {
            auto items = static_cast<const int64_t*>(value.pointer);
            if (parameter.kind == Kind::BoolList) {
                c10::List<bool> list;
                for (int32_t i = 0; i < value.count; ++i) {
                    list.push_back(items[i] != 0);
                }
                return list;
            }
            return c10::IValue(at::IntArrayRef(items, value.count));
        }
        case Tag::DoubleList: return c10::IValue(at::ArrayRef<double>(static_cast<const double*>(value.pointer), value.count));
        case Tag::TensorList: {
            if (parameter.kind != Kind::TensorList) {
                mismatch(op, parameter);
            }
            const bool optional = parameter.element->kind() == c10::TypeKind::OptionalType;
            auto items = static_cast<void* const*>(value.pointer);
            c10::impl::GenericList list(parameter.element);
            list.reserve(value.count);
            for (int32_t i = 0; i < value.count; ++i) {
                list.push_back(optional && items[i] == nullptr ? c10::IValue() : c10::IValue(borrow(items[i])));
            }
            return list;
        }
        case Tag::String: return std::string(static_cast<const char*>(value.pointer), value.count);
        case Tag::Device:
            return c10::Device(static_cast<c10::DeviceType>(value.integer), static_cast<c10::DeviceIndex>(value.count));
        case Tag::Generator: return borrow_generator(value.pointer);
    }
    mismatch(op, parameter);
}

Value result(c10::IValue&& value) {
    Value out{Tag::None, 0, {nullptr}};
    if (value.isTensor()) {
        out.tag = Tag::Tensor;
        out.pointer = give(std::move(value).toTensor());
    } else if (value.isInt()) {
        out.tag = Tag::Int;
        out.integer = value.toInt();
    } else if (value.isDouble()) {
        out.tag = Tag::Double;
        out.real = value.toDouble();
    } else if (value.isBool()) {
        out.tag = Tag::Bool;
        out.integer = value.toBool();
    } else if (value.isTensorList()) {
        auto list = std::move(value).toTensorVector();
        out.tag = Tag::TensorList;
        out.count = static_cast<int32_t>(list.size());
        out.pointer = give_all(list);
    } else if (!value.isNone()) {
        TORCH_CHECK(false, "a result of type ", value.tagKind(), " cannot cross the bridge");
    }
    return out;
}

// libtorch appends where in its own sources the error arose, and a C++ backtrace: of no use to a C# caller.
std::string without_backtrace(const char* message) {
    std::string text(message);
    const auto end = text.find("\nException raised from ");
    return end == std::string::npos ? text : text.substr(0, end);
}

template <typename Body>
int guarded(Body&& body) noexcept {
    try {
        return body();
    } catch (const ManagedError& e) {
        last_exception = e.exception;
        return kThrown;
    } catch (const c10::Error& e) {
        last_error = without_backtrace(e.what_without_backtrace());
    } catch (const std::exception& e) {
        last_error = without_backtrace(e.what());
    } catch (...) {
        last_error = "an unknown native error";
    }
    return kFailed;
}

}  // namespace

EXPORT const char* bridge_last_error() { return last_error.c_str(); }

EXPORT void* bridge_last_exception() { return last_exception.get(); }

EXPORT void bridge_forget_exception() { last_exception.reset(); }

// Finds an operator ("aten::add", "Tensor"); *found is null where this libtorch has none.
EXPORT int bridge_find(const char* name, const char* overload, void** found) {
    return guarded([&] {
        *found = nullptr;
        auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
        if (!handle.has_value()) {
            return 0;
        }
        auto op = new Operator{*handle, std::string(name) + (*overload ? "." : "") + overload, {}};
        for (const auto& argument : handle->schema().arguments()) {
            c10::TypePtr element;
            const auto kind = kind_of(argument.type(), element);
            op->parameters.push_back({kind, element, argument.default_value(), argument.name()});
        }
        *found = op;
        return 0;
    });
}

// Calls an operator; absent trailing arguments take the schema's defaults. Returns the number of results, of which at
// most `capacity` are handed over and the rest released.
EXPORT int bridge_call(void* handle, const Value* arguments, int32_t count, Value* results, int32_t capacity) {
    return guarded([&] {
        const auto& op = *static_cast<const Operator*>(handle);
        const auto expected = static_cast<int32_t>(op.parameters.size());
        TORCH_CHECK(count <= expected, op.name, " takes ", expected, " arguments, not ", count);
        torch::jit::Stack stack;
        stack.reserve(expected);
        for (int32_t i = 0; i < count; ++i) {
            stack.push_back(convert(arguments[i], op, op.parameters[i]));
        }
        for (int32_t i = count; i < expected; ++i) {
            TORCH_CHECK(op.parameters[i].fallback.has_value(), op.name, ": no value was given for '", op.parameters[i].name, "'");
            stack.push_back(*op.parameters[i].fallback);
        }
        op.handle.callBoxed(&stack);
        const auto produced = static_cast<int32_t>(stack.size());
        for (int32_t i = 0; i < produced && i < capacity; ++i) {
            results[i] = result(std::move(stack[i]));
        }
        return produced;
    });
}

EXPORT void bridge_free(void* block) { std::free(block); }

EXPORT void bridge_release(void* tensor) {
    guarded([&] {
        c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::reclaim(static_cast<at::TensorImpl*>(tensor));
        return 0;
    });
}

// Another owned handle to the same tensor.
EXPORT void* bridge_retain(void* tensor) { return give(borrow(tensor)); }

// ---- what a tensor is

struct TensorInfo {
    int64_t dimensions;
    int64_t elements;
    int64_t element_size;
    int64_t storage_offset;
    int32_t dtype;
    int32_t device_type;
    int32_t device_index;
    int32_t contiguous;
};

EXPORT int bridge_info(void* handle, TensorInfo* info) {
    return guarded([&] {
        const auto& impl = *static_cast<at::TensorImpl*>(handle);
        const auto device = impl.device();
        info->dimensions = impl.dim();
        info->elements = impl.numel();
        info->element_size = impl.itemsize();
        info->dtype = static_cast<int32_t>(c10::typeMetaToScalarType(impl.dtype()));
        info->device_type = static_cast<int32_t>(device.type());
        info->device_index = device.has_index() ? device.index() : -1;
        info->contiguous = impl.is_contiguous();
        info->storage_offset = impl.has_storage() ? impl.storage_offset() : 0;
        return 0;
    });
}

EXPORT int bridge_sizes(void* tensor, int64_t* sizes, int64_t* strides) {
    return guarded([&] {
        const auto t = borrow(tensor);
        if (sizes != nullptr) {
            std::memcpy(sizes, t.sizes().data(), t.dim() * sizeof(int64_t));
        }
        if (strides != nullptr) {
            std::memcpy(strides, t.strides().data(), t.dim() * sizeof(int64_t));
        }
        return 0;
    });
}

EXPORT int bridge_data(void* tensor, void** data) {
    return guarded([&] {
        *data = borrow(tensor).data_ptr();
        return 0;
    });
}

using Deleter = void (*)(void*);

// A tensor over the caller's memory; `deleter(context)` runs when its storage goes.
EXPORT int bridge_from_blob(void* data, const int64_t* sizes, int32_t dimensions, int32_t dtype, Deleter deleter, void* context, void** out) {
    return guarded([&] {
        const auto options = at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype));
        *out = give(at::from_blob(data, at::IntArrayRef(sizes, dimensions), [deleter, context](void*) { deleter(context); }, options));
        return 0;
    });
}

// ---- autograd

EXPORT int bridge_requires_grad(void* tensor) {
    return guarded([&] { return static_cast<int>(borrow(tensor).requires_grad()); });
}

EXPORT int bridge_set_requires_grad(void* tensor, int32_t value) {
    return guarded([&] {
        borrow(tensor).set_requires_grad(value != 0);
        return 0;
    });
}

EXPORT int bridge_is_leaf(void* tensor) {
    return guarded([&] { return static_cast<int>(borrow(tensor).is_leaf()); });
}

EXPORT int bridge_retain_grad(void* tensor) {
    return guarded([&] {
        borrow(tensor).retain_grad();
        return 0;
    });
}

EXPORT int bridge_grad(void* tensor, void** grad) {
    return guarded([&] {
        *grad = give(borrow(tensor).grad());
        return 0;
    });
}

EXPORT int bridge_set_grad(void* tensor, void* grad) {
    return guarded([&] {
        borrow(tensor).mutable_grad() = borrow(grad);
        return 0;
    });
}

EXPORT int bridge_backward(void* const* outputs, int64_t count, void* const* grads, int64_t grad_count, int32_t retain_graph,
                           int32_t create_graph, void* const* inputs, int64_t input_count) {
    return guarded([&] {
        torch::autograd::backward(borrow_all(outputs, count), borrow_all(grads, grad_count), retain_graph != 0, create_graph != 0,
                                  borrow_all(inputs, input_count));
        return 0;
    });
}

EXPORT int bridge_gradients(void* const* outputs, int64_t count, void* const* inputs, int64_t input_count, void* const* grads,
                            int64_t grad_count, int32_t retain_graph, int32_t create_graph, int32_t allow_unused, void** results) {
    return guarded([&] {
        auto found = torch::autograd::grad(borrow_all(outputs, count), borrow_all(inputs, input_count), borrow_all(grads, grad_count),
                                           retain_graph != 0, create_graph != 0, allow_unused != 0);
        for (size_t i = 0; i < found.size(); ++i) {
            results[i] = give(std::move(found[i]));
        }
        return static_cast<int>(found.size());
    });
}

EXPORT int bridge_grad_mode() { return c10::GradMode::is_enabled(); }

EXPORT void bridge_set_grad_mode(int32_t enabled) { c10::GradMode::set_enabled(enabled != 0); }

EXPORT int bridge_inference_mode() { return c10::InferenceMode::is_enabled(); }

EXPORT void* bridge_enter_inference_mode(int32_t enabled) { return new c10::InferenceMode(enabled != 0); }

EXPORT void bridge_leave_inference_mode(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

EXPORT int bridge_anomaly_mode() { return torch::autograd::AnomalyMode::is_enabled(); }

EXPORT int bridge_anomaly_checks_nan() { return torch::autograd::AnomalyMode::should_check_nan(); }

EXPORT void bridge_set_anomaly_mode(int32_t enabled, int32_t check_nan) {
    torch::autograd::AnomalyMode::set_enabled(enabled != 0, check_nan != 0);
}

// ---- functions whose backward pass is in C#

namespace {

using Release = void (*)(void* handle);

// Takes the gradients of the outputs, as handles that it owns, and writes those of the inputs, as handles that it gives away.
// Where it returns a negative number, it has written a handle to its exception instead.
using Backward = int32_t (*)(void* function, void* context, void* const* grads, int32_t count, void** results, void** exception);

// What a node of the graph holds of C#: released with the node, on whichever thread that happens.
struct ManagedFunction : torch::CustomClassHolder {
    ManagedFunction(void* handle, Backward backward, Release release, int32_t inputs)
        : handle(handle), backward(backward), release(release), inputs(inputs) {}
    ~ManagedFunction() override { release(handle); }

    void* handle;
    Backward backward;
    Release release;
    int32_t inputs;
};

// A forward pass that C# has already run, for libtorch to record.
struct Recorded {
    c10::intrusive_ptr<ManagedFunction> function;
    torch::autograd::variable_list outputs, saved, dirty, non_differentiable;
    bool materialize_grads;
};

// libtorch's own extension point, which has stayed the same from 1.13 on where the classes beneath it have not.
struct CSharpFunction : torch::autograd::Function<CSharpFunction> {
    static torch::autograd::variable_list forward(
        torch::autograd::AutogradContext* context, at::TensorList /*inputs*/, const Recorded& recorded) {
        context->saved_data["function"] = c10::IValue::make_capsule(recorded.function);
        context->save_for_backward(recorded.saved);
        context->mark_dirty(recorded.dirty);
        context->mark_non_differentiable(recorded.non_differentiable);
        context->set_materialize_grads(recorded.materialize_grads);
        return recorded.outputs;
    }

    static torch::autograd::variable_list backward(
        torch::autograd::AutogradContext* context, const torch::autograd::variable_list& grads) {
        const auto capsule = context->saved_data.at("function").toCapsule();
        const auto& function = static_cast<const ManagedFunction&>(*capsule);
        std::vector<void*> given;
        given.reserve(grads.size());
        for (const auto& grad : grads) {
            given.push_back(give(grad));
        }
        std::vector<void*> results(function.inputs, nullptr);
        void* exception = nullptr;
        if (function.backward(function.handle, context, given.data(), static_cast<int32_t>(given.size()), results.data(), &exception) < 0) {
            throw ManagedError(std::shared_ptr<void>(exception, function.release));
        }
        torch::autograd::variable_list taken;
        taken.reserve(results.size() + 1);
        for (auto result : results) {
            taken.push_back(take(result));
        }
        taken.emplace_back();  // none for the record, which is an argument of forward too
        return taken;
    }
};

}  // namespace

struct FunctionCall {
    void* function;  // owned: released with the node, or at once where the outputs need no gradient
    Backward backward;
    Release release;
    void* const* tensors;  // the inputs, then the outputs, and so on
    int32_t inputs;
    int32_t outputs;
    int32_t saved;
    int32_t dirty;
    int32_t non_differentiable;
    int32_t materialize_grads;
};

EXPORT int bridge_apply(const FunctionCall* call, void** results) {
    return guarded([&] {
        Recorded recorded;
        recorded.function = c10::make_intrusive<ManagedFunction>(call->function, call->backward, call->release, call->inputs);
        auto next = call->tensors;
        const auto some = [&](int32_t count) {
            next += count;
            return borrow_all(next - count, count);
        };
        const auto inputs = some(call->inputs);
        recorded.outputs = some(call->outputs);
        recorded.saved = some(call->saved);
        recorded.dirty = some(call->dirty);
        recorded.non_differentiable = some(call->non_differentiable);
        recorded.materialize_grads = call->materialize_grads != 0;
        auto outputs = CSharpFunction::apply(at::TensorList(inputs), recorded);
        for (size_t i = 0; i < outputs.size(); ++i) {
            results[i] = give(std::move(outputs[i]));
        }
        return static_cast<int>(outputs.size());
    });
}

// The tensors that a context saved, as an array for bridge_free; only inside the backward pass that got the context.
EXPORT int bridge_saved(void* context, void*** tensors) {
    return guarded([&] {
        auto saved = static_cast<const torch::autograd::AutogradContext*>(context)->get_saved_variables();
        *tensors = give_all(saved);
        return static_cast<int>(saved.size());
    });
}

// ---- random numbers

EXPORT int bridge_manual_seed(uint64_t seed) {
    return guarded([&] {
        at::manual_seed(seed);
        return 0;
    });
}

EXPORT int bridge_generator_new(uint64_t seed, int32_t device_type, int32_t device_index, void** out) {
    return guarded([&] {
        if (device_type == static_cast<int32_t>(c10::DeviceType::CPU)) {
            *out = at::make_generator<at::CPUGeneratorImpl>(seed).unsafeReleaseGeneratorImpl();
            return 0;
        }
        // A device's own generator, as its kernels accept no other kind.
        const c10::Device device(static_cast<c10::DeviceType>(device_type), static_cast<c10::DeviceIndex>(device_index));
        auto generator = at::globalContext().defaultGenerator(device).clone();
        generator.set_current_seed(seed);
        *out = generator.unsafeReleaseGeneratorImpl();
        return 0;
    });
}

EXPORT int bridge_generator_default(void** out) {
    return guarded([&] {
        auto generator = at::detail::getDefaultCPUGenerator();
        *out = generator.unsafeReleaseGeneratorImpl();
        return 0;
    });
}

EXPORT void bridge_generator_release(void* generator) {
    guarded([&] {
        c10::intrusive_ptr<c10::GeneratorImpl>::reclaim(static_cast<c10::GeneratorImpl*>(generator));
        return 0;
    });
}

EXPORT int bridge_generator_seed(void* generator, uint64_t seed) {
    return guarded([&] {
        auto g = borrow_generator(generator);
        std::lock_guard<std::mutex> lock(g.mutex());
        g.set_current_seed(seed);
        return 0;
    });
}

EXPORT int bridge_generator_initial_seed(void* generator, uint64_t* seed) {
    return guarded([&] {
        *seed = borrow_generator(generator).current_seed();
        return 0;
    });
}

EXPORT int bridge_generator_state(void* generator, void** state) {
    return guarded([&] {
        auto g = borrow_generator(generator);
        std::lock_guard<std::mutex> lock(g.mutex());
        *state = give(g.get_state());
        return 0;
    });
}

EXPORT int bridge_generator_set_state(void* generator, void* state) {
    return guarded([&] {
        TORCH_CHECK(state != nullptr, "the generator state is null");
        auto g = borrow_generator(generator);
        std::lock_guard<std::mutex> lock(g.mutex());
        g.set_state(borrow(state));
        return 0;
    });
}

// ---- threads and devices

EXPORT int bridge_num_threads() { return at::get_num_threads(); }

EXPORT int bridge_num_interop_threads() { return at::get_num_interop_threads(); }

EXPORT int bridge_set_num_threads(int32_t count) {
    return guarded([&] {
        at::set_num_threads(count);
        // A pthread build of OpenBLAS has a pool of its own that at::set_num_threads does not reach.
        if (auto set = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) {
            set(count);
        }
        return 0;
    });
}

EXPORT int bridge_set_num_interop_threads(int32_t count) {
    return guarded([&] {
        at::set_num_interop_threads(count);
        return 0;
    });
}

EXPORT int bridge_cuda_available() {
    return guarded([&] { return static_cast<int>(torch::cuda::is_available()); });
}

EXPORT int bridge_cudnn_available() {
    return guarded([&] { return static_cast<int>(torch::cuda::cudnn_is_available()); });
}

EXPORT int bridge_cuda_device_count() {
    return guarded([&] { return static_cast<int>(torch::cuda::device_count()); });
}

EXPORT int bridge_cuda_synchronize(int64_t device) {
    return guarded([&] {
        torch::cuda::synchronize(device);
        return 0;
    });
}

EXPORT int bridge_cuda_manual_seed(uint64_t seed, int32_t all) {
    return guarded([&] {
        all ? torch::cuda::manual_seed_all(seed) : torch::cuda::manual_seed(seed);
        return 0;
    });
}

EXPORT int bridge_matmul_tf32() { return guarded([&] { return static_cast<int>(at::globalContext().allowTF32CuBLAS()); }); }

EXPORT int bridge_set_matmul_tf32(int32_t allowed) {
    return guarded([&] {
        at::globalContext().setAllowTF32CuBLAS(allowed != 0);
        return 0;
    });
}

EXPORT int bridge_cudnn_tf32() { return guarded([&] { return static_cast<int>(at::globalContext().allowTF32CuDNN()); }); }

EXPORT int bridge_set_cudnn_tf32(int32_t allowed) {
    return guarded([&] {
        at::globalContext().setAllowTF32CuDNN(allowed != 0);
        return 0;
    });
}

EXPORT int bridge_default_dtype() { return static_cast<int>(c10::typeMetaToScalarType(c10::get_default_dtype())); }

EXPORT int bridge_set_default_dtype(int32_t dtype) {
    return guarded([&] {
        c10::set_default_dtype(c10::scalarTypeToTypeMeta(static_cast<c10::ScalarType>(dtype)));
        return 0;
    });
}

EXPORT const char* bridge_torch_version() { return TORCH_VERSION; }
