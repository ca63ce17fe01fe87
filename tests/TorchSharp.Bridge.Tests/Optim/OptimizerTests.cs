using TorchSharp;
using TorchSharp.Bridge.Tests.NN;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Bridge.Tests.Optim;

/// <summary>100 steps of each optimiser in float64 against its rule for one number; the gradients come from the rule's own path.</summary>
public sealed class OptimizerTests
{
    private static readonly double[] Start = [1.5, -0.7, 0.02, 3.0];

    private static void Follows(
        Func<IEnumerable<Parameter>, torch.optim.Optimizer> make, Func<Rules.Rule> rule, double lr, double tolerance = 1e-12)
    {
        using var first = nn.Parameter(tensor(Start[..2]));
        using var second = nn.Parameter(tensor(Start[2..]).reshape(2, 1));
        Parameter[] parameters = [first, second];
        using var optimizer = make(parameters);
        var rules = Start.Select(_ => rule()).ToArray();
        var theta = Start.ToArray();

        for (var t = 1; t <= 100; t++)
        {
            var g = theta.Select((value, i) => 0.4 * (value - i) + Math.Sin(0.9 * t + i)).ToArray();
            first.grad = tensor(g[..2]);
            second.grad = tensor(g[2..]).reshape(2, 1);
            Assert.Null(optimizer.step());
            for (var i = 0; i < theta.Length; i++) theta[i] = rules[i](theta[i], g[i], lr);
            double[] kept = [.. Numbers.Values(first.grad!), .. Numbers.Values(second.grad!)];
            Assert.Equal(g, kept);
        }

        Assert.InRange(Numbers.Error([.. Numbers.Values(first), .. Numbers.Values(second)], theta), 0, tolerance);
        Assert.True(Numbers.Error(theta, Start) > 0.01);
    }

    [Fact]
    public void SGD_follows_its_rule()
    {
        Follows(p => optim.SGD(p, 0.05), () => Rules.Sgd(), 0.05);
        Follows(p => optim.SGD(p, 0.05, maximize: true), () => Rules.Sgd(maximize: true), 0.05);
        Follows(p => optim.SGD(p, 0.05, weight_decay: 0.1), () => Rules.Sgd(weightDecay: 0.1), 0.05);
    }

    [Fact]
    public void SGD_with_momentum_follows_its_rule()
    {
        Follows(p => optim.SGD(p, 0.05, momentum: 0.9), () => Rules.Sgd(0.9), 0.05);
        Follows(p => optim.SGD(p, 0.05, momentum: 0.9, dampening: 0.3), () => Rules.Sgd(0.9, 0.3), 0.05);
        Follows(p => optim.SGD(p, 0.05, 0.9, weight_decay: 0.01, nesterov: true), () => Rules.Sgd(0.9, 0, 0.01, true), 0.05);
    }

    [Fact]
    public void Adam_follows_its_rule()
    {
        Follows(p => optim.Adam(p, 0.03), () => Rules.Adam(), 0.03);
        Follows(p => optim.Adam(p, 0.03, 0.8, 0.95, 1e-6, 0.1), () => Rules.Adam(0.8, 0.95, 1e-6, 0.1), 0.03);
        Follows(p => optim.Adam(p, 0.03, beta2: 0.9, amsgrad: true), () => Rules.Adam(beta2: 0.9, amsgrad: true), 0.03);
        Follows(p => optim.Adam(p, 0.03, maximize: true), () => Rules.Adam(maximize: true), 0.03);
    }

    [Fact]
    public void AdamW_follows_its_rule()
    {
        Follows(p => optim.AdamW(p, 0.03, weight_decay: 0.2), () => Rules.Adam(weightDecay: 0.2, decoupled: true), 0.03);
        Follows(
            p => optim.AdamW(p, 0.03, beta2: 0.9, weight_decay: 0.2, amsgrad: true),
            () => Rules.Adam(beta2: 0.9, weightDecay: 0.2, amsgrad: true, decoupled: true), 0.03);
    }

    [Fact]
    public void RMSProp_follows_its_rule()
    {
        Follows(p => optim.RMSProp(p, 0.01), () => Rules.RmsProp(), 0.01);
        Follows(p => optim.RMSProp(p, 0.01, 0.9, 1e-6, 0.05), () => Rules.RmsProp(0.9, 1e-6, 0.05), 0.01);
        Follows(p => optim.RMSProp(p, 0.01, momentum: 0.8, centered: true), () => Rules.RmsProp(momentum: 0.8, centered: true), 0.01);
        Follows(p => optim.RMSProp(p, 0.01, maximize: true), () => Rules.RmsProp(maximize: true), 0.01);
    }

    [Fact]
    public void Groups_have_their_own_options_and_the_rest_takes_the_defaults()
    {
        using var a = nn.Parameter(tensor(new[] { 1.0 }));
        using var b = nn.Parameter(tensor(new[] { 1.0 }));
        using var optimizer = optim.SGD(
            [
                new SGD.ParamGroup { Parameters = [a], Options = new SGD.Options { LearningRate = 0.5 } },
                new SGD.ParamGroup { Parameters = [b] },
            ],
            0.1);
        a.grad = ones_like(a);
        b.grad = ones_like(b);
        optimizer.step();
        Assert.Equal([0.5], Numbers.Values(a));
        Assert.Equal([0.9], Numbers.Values(b));

        optimizer.ParamGroups.Last().LearningRate = 0.2;
        optimizer.step();
        Assert.Equal(0.7, Numbers.Values(b)[0], 1e-15);
        Assert.Equal([0.5, 0.1], optimizer.ParamGroups.Select(group => group.InitialLearningRate));
    }

    [Fact]
    public void A_parameter_without_a_gradient_is_left_alone()
    {
        using var a = nn.Parameter(tensor(new[] { 1.0 }));
        using var optimizer = optim.Adam([a], weight_decay: 0.5);
        optimizer.step();
        Assert.Equal([1.0], Numbers.Values(a));
        Assert.Single(optimizer.parameters());
    }

    [Fact]
    public void A_step_runs_the_closure_and_returns_its_loss()
    {
        using var a = nn.Parameter(tensor(new[] { 3.0 }));
        using var optimizer = optim.SGD([("a", a)], 0.1);
        using var loss = optimizer.step(() =>
        {
            optimizer.zero_grad();
            var l = (a * a).sum();
            l.backward();
            return l;
        });
        Assert.Equal(9.0, loss!.item<double>());
        Assert.Equal(2.4, Numbers.Values(a)[0], 1e-15);
    }

    [Fact]
    public void Zero_grad_fills_with_zeros()
    {
        using var a = nn.Parameter(tensor(new[] { 3.0 }));
        a.grad = ones_like(a);
        using var optimizer = optim.RMSProp([a]);
        optimizer.zero_grad();
        Assert.Equal([0.0], Numbers.Values(a.grad!));
    }

    [Fact]
    public void Steps_leave_no_tensors_behind()
    {
        using var a = nn.Parameter(tensor(Start));
        using var optimizer = optim.Adam([a], amsgrad: true);
        using var scope = NewDisposeScope();
        using (var gradient = tensor(Start)) a.grad = gradient;
        var before = scope.DisposablesCount;
        for (var i = 0; i < 3; i++) optimizer.step();
        Assert.Equal(before, scope.DisposablesCount);
    }

    [Fact]
    public void A_state_made_inside_a_scope_outlives_it()
    {
        using var a = nn.Parameter(tensor(Start));
        a.grad = tensor(Start);
        OptimizerHelper optimizer;
        using (NewDisposeScope())
        {
            optimizer = optim.SGD([a], 0.1, momentum: 0.9);
            optimizer.step();
        }

        optimizer.step();
        optimizer.Dispose();
        Assert.False(a.IsInvalid);
    }

    [Fact]
    public void A_loaded_state_continues_as_its_source()
    {
        using var a = nn.Parameter(tensor(Start));
        using var b = nn.Parameter(tensor(Start));
        using var one = optim.Adam([a], 0.1, amsgrad: true);
        using var other = optim.Adam([b], 0.3, amsgrad: true);
        void Step(OptimizerHelper optimizer, Parameter p, int t)
        {
            p.grad = tensor(Start.Select(v => Math.Sin(v * t)).ToArray());
            optimizer.step();
        }

        for (var t = 1; t <= 5; t++) Step(one, a, t);
        other.load_state_dict(one.state_dict());
        using (no_grad()) b.copy_(a);
        for (var t = 6; t <= 10; t++)
        {
            Step(one, a, t);
            Step(other, b, t);
        }

        Assert.Equal(Numbers.Values(a), Numbers.Values(b));
        Assert.True(one.state_dict().State.Single().ApproximatelyEquals(other.state_dict().State.Single()));
        using var two = optim.Adam([a, b]);
        Assert.Throws<ArgumentException>(() => two.load_state_dict(one.state_dict()));
    }

    [Fact]
    public void Invalid_options_are_refused()
    {
        using var a = nn.Parameter(zeros(1));
        Assert.Throws<ArgumentException>(() => optim.SGD([a], -0.1));
        Assert.Throws<ArgumentException>(() => optim.SGD([a], 0.1, nesterov: true));
        Assert.Throws<ArgumentException>(() => optim.Adam([a], beta1: 1));
        Assert.Throws<ArgumentException>(() => optim.AdamW([a], weight_decay: -1));
        Assert.Throws<ArgumentException>(() => optim.RMSProp([a], eps: -1));
    }
}
