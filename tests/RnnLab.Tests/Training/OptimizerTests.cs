using RnnLab.Tests.Support;
using RnnLab.Training.Optimizers;

namespace RnnLab.Tests.Training;

public sealed class OptimizerTests
{
    // 100 steps round a dozen times each, by at most 1.1e-16 of the largest term, and the problem contracts: about 1e-14 is expected. The
    // order of operations may differ (torch computes a product with the learning rate in one or in two steps), so bit-equality is not.
    private const double Float64 = 1e-12;

    // The same count with 6e-8 for 1.1e-16 gives 7e-5 if every rounding fell the same way; they do not, and a tenth of it is ample.
    private const double Float32 = 7e-6;

    public static TheoryData<string> Names => [.. OptimizerCase.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_hundred_steps_equal_those_of_torch_optim(string name)
    {
        Same.Within(Float64, ByTorch(name, ScalarType.Float64), ByRnnLab(name, ScalarType.Float64));
        Same.Within(Float32, ByTorch(name, ScalarType.Float32), ByRnnLab(name, ScalarType.Float32));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_hundred_steps_equal_those_that_PyTorch_printed(string name)
    {
        var expected = tensor(OptimizerCase.Named(name).AfterHundred);
        Same.Within(Float64, expected, ByRnnLab(name, ScalarType.Float64));
        Same.Within(Float32, expected, ByRnnLab(name, ScalarType.Float32).to(ScalarType.Float64));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_restored_optimizer_goes_on_bit_for_bit(string name)
    {
        var whole = ByRnnLab(name, ScalarType.Float32);

        var p = OptimizerCase.NewParameter(ScalarType.Float32);
        using var before = OptimizerCase.Named(name).Mine([("p", p)]);
        OptimizerCase.Run(p, before.Step, 0, 37);
        var state = before.State.ToDictionary(s => s.Key, s => s.Value.clone());
        var steps = before.Steps;
        // What the restored one goes on with is a copy: the old one may run on.
        var q = new Parameter(p.detach().clone());
        using var after = OptimizerCase.Named(name).Mine([("p", q)]);
        after.Restore(state, steps);
        before.Step();
        OptimizerCase.Run(q, after.Step, 37, 100);

        Assert.Equal(100, after.Steps);
        Same.Exactly(whole, q.detach());
    }

    [Fact]
    public void A_parameter_without_a_gradient_is_left_alone()
    {
        var p = OptimizerCase.NewParameter(ScalarType.Float64);
        using var adam = new Adam([("p", p)], weightDecay: 0.1, decoupled: true);
        adam.Step();
        Assert.Equal([0.5, -1.25, 2], p.detach().data<double>().ToArray());
        Assert.Empty(adam.State);
    }

    [Fact]
    public void State_of_other_parameters_or_of_another_optimizer_is_refused()
    {
        var p = OptimizerCase.NewParameter(ScalarType.Float64);
        using var adam = new Adam([("p", p)]);
        Assert.Throws<ArgumentException>(() => adam.Restore(new Dictionary<string, Tensor> { ["q.exp_avg"] = zeros(3) }, 1));
        Assert.Throws<ArgumentException>(() => adam.Restore(new Dictionary<string, Tensor> { ["p.exp_avg"] = zeros(4), ["p.exp_avg_sq"] = zeros(4) }, 1));
        Assert.Throws<ArgumentException>(() => adam.Restore(new Dictionary<string, Tensor> { ["p.square_avg"] = zeros(3) }, 1));
        Assert.Throws<ArgumentException>(() => adam.Restore(new Dictionary<string, Tensor> { ["p.exp_avg"] = zeros(3) }, 1));
        Assert.Throws<ArgumentException>(() => adam.Restore(new Dictionary<string, Tensor>(), 1));
        Assert.Empty(adam.State);
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        (string, Parameter)[] p = [("p", OptimizerCase.NewParameter(ScalarType.Float64))];
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(p, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(p, 1, momentum: -0.1));
        Assert.Throws<ArgumentException>(() => new Sgd(p, 1, nesterov: true));
        Assert.Throws<ArgumentException>(() => new Sgd(p, 1, 0.9, 0.1, nesterov: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(p, beta1: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(p, beta2: -0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(p, weightDecay: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RmsProp(p, alpha: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RmsProp(p, eps: -1));
    }

    private static Tensor ByRnnLab(string name, ScalarType dtype)
    {
        var p = OptimizerCase.NewParameter(dtype);
        using var optimizer = OptimizerCase.Named(name).Mine([("p", p)]);
        OptimizerCase.Run(p, optimizer.Step);
        return p.detach();
    }

    private static Tensor ByTorch(string name, ScalarType dtype)
    {
        var p = OptimizerCase.NewParameter(dtype);
        using var optimizer = OptimizerCase.Named(name).Torch([p]);
        OptimizerCase.Run(p, () => optimizer.step());
        return p.detach();
    }
}
