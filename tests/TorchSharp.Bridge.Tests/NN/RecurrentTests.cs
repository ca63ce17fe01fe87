using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Bridge.Tests.NN;

/// <summary>libtorch's recurrent modules against loops over time written from PyTorch's documented equations, in float64.</summary>
public sealed class RecurrentTests
{
    private const long T = 6, B = 3, I = 4, H = 5;
    private const double Bound = 1e-11;

    public static TheoryData<int, bool, bool, bool, bool> Cases()
    {
        var cases = new TheoryData<int, bool, bool, bool, bool>();
        foreach (var layers in new[] { 1, 2 })
            foreach (var bias in new[] { true, false })
                foreach (var batchFirst in new[] { false, true })
                    foreach (var bidirectional in new[] { false, true })
                        foreach (var withState in new[] { false, true })
                            cases.Add(layers, bias, batchFirst, bidirectional, withState);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_LSTM_equals_the_loop(int layers, bool bias, bool batchFirst, bool bidirectional, bool withState)
    {
        using var scope = NewDisposeScope();
        using var lstm = nn.LSTM(I, H, layers, bias, batchFirst, 0.0, bidirectional, dtype: ScalarType.Float64);
        var (x, h0, c0) = Inputs(layers, batchFirst, bidirectional);
        if (!withState) (h0, c0) = (zeros_like(h0), zeros_like(c0));

        var (y, h, c) = withState ? lstm.call(x, (h0, c0)) : lstm.call(x);
        var expected = Loop(lstm, x, layers, batchFirst, bidirectional, [h0, c0], (a, r, s) =>
        {
            var g = (a + r).chunk(4, 1);
            var cell = g[1].sigmoid() * s[1] + g[0].sigmoid() * g[2].tanh();
            return [g[3].sigmoid() * cell.tanh(), cell];
        });
        AssertEqual(lstm, [y, h, c], [expected.y, expected.states[0], expected.states[1]]);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_GRU_equals_the_loop(int layers, bool bias, bool batchFirst, bool bidirectional, bool withState)
    {
        using var scope = NewDisposeScope();
        using var gru = nn.GRU(I, H, layers, bias, batchFirst, 0.0, bidirectional, dtype: ScalarType.Float64);
        var (x, h0, _) = Inputs(layers, batchFirst, bidirectional);
        if (!withState) h0 = zeros_like(h0);

        var (y, h) = withState ? gru.call(x, h0) : gru.call(x);
        var expected = Loop(gru, x, layers, batchFirst, bidirectional, [h0], (a, r, s) =>
        {
            var (ga, gr) = (a.chunk(3, 1), r.chunk(3, 1));
            var reset = (ga[0] + gr[0]).sigmoid();
            var update = (ga[1] + gr[1]).sigmoid();
            var candidate = (ga[2] + reset * gr[2]).tanh();
            return [(1 - update) * candidate + update * s[0]];
        });
        AssertEqual(gru, [y, h], [expected.y, expected.states[0]]);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_tanh_RNN_equals_the_loop(int layers, bool bias, bool batchFirst, bool bidirectional, bool withState)
    {
        using var scope = NewDisposeScope();
        using var rnn = nn.RNN(I, H, layers, nn.NonLinearities.Tanh, bias, batchFirst, 0.0, bidirectional, dtype: ScalarType.Float64);
        var (x, h0, _) = Inputs(layers, batchFirst, bidirectional);
        if (!withState) h0 = zeros_like(h0);

        var (y, h) = withState ? rnn.call(x, h0) : rnn.call(x);
        var expected = Loop(rnn, x, layers, batchFirst, bidirectional, [h0], (a, r, _) => [(a + r).tanh()]);
        AssertEqual(rnn, [y, h], [expected.y, expected.states[0]]);
    }

    [Fact]
    public void A_relu_RNN_equals_the_loop()
    {
        using var scope = NewDisposeScope();
        using var rnn = nn.RNN(I, H, 2, nn.NonLinearities.ReLU, dtype: ScalarType.Float64);
        var (x, h0, _) = Inputs(2, false, false);
        var (y, h) = rnn.call(x, h0);
        var expected = Loop(rnn, x, 2, false, false, [h0], (a, r, _) => [(a + r).relu()]);
        AssertEqual(rnn, [y, h], [expected.y, expected.states[0]]);
    }

    [Fact]
    public void Names_and_shapes_are_PyTorchs()
    {
        using var lstm = nn.LSTM(I, H, 2, bidirectional: true);
        Assert.Equal(
            [
                "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0",
                "weight_ih_l0_reverse", "weight_hh_l0_reverse", "bias_ih_l0_reverse", "bias_hh_l0_reverse",
                "weight_ih_l1", "weight_hh_l1", "bias_ih_l1", "bias_hh_l1",
                "weight_ih_l1_reverse", "weight_hh_l1_reverse", "bias_ih_l1_reverse", "bias_hh_l1_reverse",
            ],
            lstm.named_parameters().Select(p => p.name));
        Assert.Equal([4 * H, I], lstm.get_parameter("weight_ih_l0")!.shape);
        Assert.Equal([4 * H, 2 * H], lstm.get_parameter("weight_ih_l1_reverse")!.shape);
        Assert.Equal([4 * H, H], lstm.get_parameter("weight_hh_l1")!.shape);
        using var gru = nn.GRU(I, H, bias: false);
        Assert.Equal(["weight_ih_l0", "weight_hh_l0"], gru.named_parameters().Select(p => p.name));
        Assert.Equal([3 * H, I], gru.get_parameter("weight_ih_l0")!.shape);
        using var rnn = nn.RNN(I, H);
        Assert.Equal([H, I], rnn.get_weight_ih(0)!.shape);
        Assert.Equal([H], rnn.get_bias_hh(0)!.shape);
    }

    [Fact]
    public void Initial_weights_lie_within_one_over_the_root_of_H()
    {
        using var gru = nn.GRU(8, 64);
        Assert.All(gru.parameters(), p =>
        {
            var largest = Numbers.Values(p).Max(Math.Abs);
            Assert.InRange(largest, 0.1, 0.125);
        });
    }

    [Fact]
    public void Dropout_between_layers_is_active_only_while_training()
    {
        using var lstm = nn.LSTM(I, H, 2, dropout: 0.5);
        using var x = ones(T, B, I);
        manual_seed(1);
        var first = Numbers.Values(lstm.call(x).Item1);
        Assert.NotEqual(first, Numbers.Values(lstm.call(x).Item1));
        lstm.eval();
        Assert.Equal(Numbers.Values(lstm.call(x).Item1), Numbers.Values(lstm.call(x).Item1));
    }

    [Fact]
    public void A_wrong_input_or_state_is_an_exception()
    {
        using var lstm = nn.LSTM(I, H);
        using var gru = nn.GRU(I, H);
        using var rnn = nn.RNN(I, H);
        Assert.ThrowsAny<Exception>(() => lstm.call(ones(T, B, I + 1)));
        Assert.ThrowsAny<Exception>(() => gru.call(ones(T, B, I + 1)));
        Assert.ThrowsAny<Exception>(() => rnn.call(ones(T, B, I + 1)));
        Assert.ThrowsAny<Exception>(() => lstm.call(ones(T, B, I), (zeros(1, B, H + 1), zeros(1, B, H))));
        Assert.ThrowsAny<Exception>(() => gru.call(ones(T, B, I), zeros(1, B + 1, H)));
        Assert.ThrowsAny<Exception>(() => rnn.call(ones(T, B, I), zeros(2, B, H)));
        Assert.ThrowsAny<Exception>(() => lstm.call(ones(T, B, I), (zeros(2, B, H), zeros(2, B, H))));
    }

    private static (Tensor x, Tensor h0, Tensor c0) Inputs(int layers, bool batchFirst, bool bidirectional)
    {
        var states = layers * (bidirectional ? 2 : 1);
        return (
            batchFirst ? Numbers.Wave(1, B, T, I) : Numbers.Wave(1, T, B, I),
            Numbers.Wave(2, states, B, H),
            Numbers.Wave(3, states, B, H));
    }

    /// <summary>One layer after the other, one step after the other; the step maps both projections and the states to new states.</summary>
    private static (Tensor y, Tensor[] states) Loop(
        nn.Module module, Tensor input, int layers, bool batchFirst, bool bidirectional, Tensor[] initial,
        Func<Tensor, Tensor, Tensor[], Tensor[]> step)
    {
        var xs = (batchFirst ? input.transpose(0, 1) : input).unbind(0);
        var final = initial.Select(_ => new List<Tensor>()).ToArray();
        for (var layer = 0; layer < layers; layer++)
        {
            var outputs = new List<Tensor[]>();
            foreach (var direction in bidirectional ? new[] { "", "_reverse" } : [""])
            {
                Tensor? Weight(string name) => module.get_parameter($"{name}_l{layer}{direction}");
                Tensor Project(Tensor v, string w, string b) => Weight(b) is { } bias ? v.mm(Weight(w)!.t()) + bias : v.mm(Weight(w)!.t());

                var state = initial.Select(s => s[final[0].Count]).ToArray();
                var ys = new Tensor[T];
                for (var k = 0; k < T; k++)
                {
                    var t = direction == "" ? k : (int)T - 1 - k;
                    state = step(Project(xs[t], "weight_ih", "bias_ih"), Project(state[0], "weight_hh", "bias_hh"), state);
                    ys[t] = state[0];
                }

                for (var s = 0; s < state.Length; s++) final[s].Add(state[s]);
                outputs.Add(ys);
            }

            xs = [.. Enumerable.Range(0, (int)T).Select(t => cat([.. outputs.Select(ys => ys[t])], 1))];
        }

        return (stack(xs, batchFirst ? 1 : 0), [.. final.Select(states => stack(states, 0))]);
    }

    /// <summary>Outputs, final states and the gradients of all parameters agree.</summary>
    private static void AssertEqual(nn.Module module, Tensor[] actual, Tensor[] expected)
    {
        foreach (var (a, b) in actual.Zip(expected)) Assert.InRange(Numbers.Error(a, b), 0, Bound);

        var parameters = module.named_parameters().ToList();
        var gradients = Gradients(parameters, actual);
        foreach (var ((name, _), (a, b)) in parameters.Zip(gradients.Zip(Gradients(parameters, expected))))
            Assert.True(Numbers.Error(a, b) < Bound, name);
    }

    private static Tensor[] Gradients(List<(string name, Parameter parameter)> parameters, Tensor[] outputs)
    {
        foreach (var (_, parameter) in parameters) parameter.grad = null;
        var loss = outputs.Select((y, i) => (y * Numbers.Wave(i + 5, y.shape)).sum()).Aggregate((sum, term) => sum + term);
        loss.backward();
        return [.. parameters.Select(p => p.parameter.grad!.clone())];
    }
}
