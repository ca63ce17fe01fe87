using RnnLab.Analysis;
using RnnLab.Cells;
using RnnLab.Recurrence;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Recurrence;

/// <summary>The recurrence without weight sharing.</summary>
public sealed class UntiedRnnTests
{
    private const int T = 6, B = 3, I = 5, H = 4;

    public static TheoryData<Nonlinearity, bool> Kinds => Each.Of<Nonlinearity, bool>([Nonlinearity.Tanh, Nonlinearity.Relu], [true, false]);

    private static UntiedRnn New(Nonlinearity nonlinearity = Nonlinearity.Tanh, bool bias = true, int steps = T)
        => new(steps, I, H, nonlinearity, seed: 5, bias, ScalarType.Float64);

    /// <summary>The same loss, Σ R ⊙ y, by hand.</summary>
    private static Dictionary<string, Tensor> ByHand(UntiedRnn rnn, Tensor x, Tensor h0, Tensor R)
    {
        rnn.zero_grad();
        using var tape = new UntiedTape();
        var y = rnn.Forward(x, h0, tape);
        var (dx, dh0) = rnn.Backward(tape, R);
        return rnn.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!.clone()).Concat([new("y", y), new("dx", dx), new("dh_0", dh0)]).ToDictionary();
    }

    private static (Tensor X, Tensor H0, Tensor R) Problem(int steps = T) => (Draw.Uniform("x", steps, B, I), Draw.Uniform("h0", B, H), Draw.Uniform("R", steps, B, H));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Gradients_by_hand_equal_autograd(Nonlinearity nonlinearity, bool bias)
    {
        using var scope = NewDisposeScope();
        using var rnn = New(nonlinearity, bias);
        var (x, h0, R) = Problem();
        var byHand = ByHand(rnn, x, h0, R);
        var (leaf, start) = (x.clone().requires_grad_(), h0.clone().requires_grad_());
        var (h, all) = (start, new List<Tensor>());
        for (var t = 0; t < T; t++)
        {
            var z = leaf.select(0, t).mm(rnn.WeightIh.select(0, t).t()) + h.mm(rnn.WeightHh.select(0, t).t());
            if (bias)
                z = z + rnn.BiasIh!.select(0, t) + rnn.BiasHh!.select(0, t);
            h = nonlinearity == Nonlinearity.Tanh ? z.tanh() : z.relu();
            all.Add(h);
        }
        var y = stack(all);
        var parameters = rnn.named_parameters().ToArray();
        var gradients = autograd.grad([(R * y).sum()], [.. parameters.Select(p => (Tensor)p.parameter), leaf, start]);
        var expected = parameters.Select((p, k) => (p.name, gradients[k])).ToDictionary(p => p.name, p => p.Item2);
        (expected["y"], expected["dx"], expected["dh_0"]) = (y.detach(), gradients[^2], gradients[^1]);
        Same.Within(Difference.Autograd, expected, byHand);
    }

    [Fact]
    public void Gradients_by_hand_equal_central_differences()
    {
        using var scope = NewDisposeScope();
        using var rnn = New();
        var (x, h0, R) = Problem();
        R *= 0.1;
        var byHand = ByHand(rnn, x, h0, R);
        double Loss() => (R * rnn.Forward(x, h0)).sum().item<double>();
        foreach (var (name, variable) in rnn.named_parameters().Select(p => (p.name, (Tensor)p.parameter)).Concat([("dx", x), ("dh_0", h0)]))
            Same.Within(Difference.CentralDifferences, CentralDifferences.Of(Loss, variable).view(variable.shape), byHand[name]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void With_the_same_weights_at_every_step_it_is_the_rnn(Nonlinearity nonlinearity, bool bias)
    {
        using var scope = NewDisposeScope();
        using var rnn = New(nonlinearity, bias);
        var (x, h0, R) = Problem();
        var cell = new RnnCell(H, nonlinearity);
        var layer = new RecurrentLayer(cell, RecurrentParameters.Create(cell, I, "l0", Initialization.PyTorch, 9, bias, ScalarType.Float64));
        var shared = layer.Parameters.Named(cell, "l0").ToDictionary(p => p.Name[..^"_l0".Length], p => p.Parameter);
        using (no_grad())
            foreach (var (name, parameter) in rnn.named_parameters())
                parameter.copy_(shared[name].unsqueeze(0).expand(parameter.shape));
        var untied = ByHand(rnn, x, h0, R);
        using var tape = new Tape();
        var (y, _) = layer.Forward(x, new(h0), tape);
        var (dx, ds0) = layer.Backward(tape, R);
        var expected = shared.ToDictionary(p => p.Key, p => p.Value.grad!.clone());
        (expected["y"], expected["dx"], expected["dh_0"]) = (y, dx, ds0.H);
        Same.Within(Difference.Autograd, expected, untied.ToDictionary(p => p.Key, p => shared.ContainsKey(p.Key) ? p.Value.sum(0L) : p.Value));
    }

    [Fact]
    public void Gradients_are_added_and_steps_beyond_the_sequence_have_none()
    {
        using var scope = NewDisposeScope();
        using var rnn = New();
        var (x, h0, R) = Problem(steps: 4);
        var once = ByHand(rnn, x, h0, R);
        using var tape = new UntiedTape();
        rnn.Forward(x, h0, tape);
        rnn.Backward(tape, R);
        foreach (var (name, parameter) in rnn.named_parameters())
        {
            Same.Exactly(once[name] * 2, parameter.grad!);
            Assert.Equal(0, parameter.grad!.narrow(0, 4, T - 4).abs().max().item<double>());
            Assert.True(parameter.grad!.select(0, 3).abs().max().item<double>() > 0);
        }
    }

    [Fact]
    public void Its_parameters_grow_with_the_steps()
    {
        using var rnn = New(steps: 9);
        Assert.Equal(9 * ParameterFormula.Count(new RnnCell(H), I), rnn.parameters().Sum(p => p.numel()));
        Assert.Equal(["weight_ih", "weight_hh", "bias_ih", "bias_hh"], rnn.named_parameters().Select(p => p.name));
        Assert.InRange(rnn.WeightIh.abs().max().item<double>(), 0.45, 0.5); // U(−1/√4, 1/√4)
    }

    [Fact]
    public void A_longer_sequence_is_refused_since_weights_are_not_shared()
    {
        using var scope = NewDisposeScope();
        using var rnn = New();
        var (x, h0, _) = Problem(steps: T + 1);
        void Refused(string message, Tensor input, Tensor state)
            => Assert.Contains(message, Assert.Throws<ArgumentException>(() => rnn.Forward(input, state)).Message, StringComparison.Ordinal);
        Refused($"the sequence has {T + 1} steps, the network weights for {T}: they are not shared over time", x, h0);
        Refused("expected (T, B, I)", h0, h0);
        Refused("h0 is (3, 5), expected (3, 4)", Problem().X, x.select(0, 0));
        Refused("the weights are Float64", Problem().X.to(ScalarType.Float32), h0);
    }

    [Fact]
    public void A_tape_is_used_once_and_by_its_own_network()
    {
        using var scope = NewDisposeScope();
        using var rnn = New();
        using var other = New();
        var (x, h0, R) = Problem();
        using var tape = new UntiedTape();
        Assert.Contains("holds no sequence yet", Assert.Throws<InvalidOperationException>(() => rnn.Backward(tape, R)).Message, StringComparison.Ordinal);
        var y = rnn.Forward(x, h0, tape);
        Assert.Contains("unused tape", Assert.Throws<ArgumentException>(() => rnn.Forward(x, h0, tape)).Message, StringComparison.Ordinal);
        Assert.Contains("another network", Assert.Throws<ArgumentException>(() => other.Backward(tape, R)).Message, StringComparison.Ordinal);
        y.zero_(); // the caller's own: the tape has another
        var (dx, _) = rnn.Backward(tape, R);
        Same.Exactly(ByHand(rnn, x, h0, R)["dx"], dx);
        Assert.Contains("run the forward again", Assert.Throws<InvalidOperationException>(() => rnn.Backward(tape, R)).Message, StringComparison.Ordinal);
    }
}
