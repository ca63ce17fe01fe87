using RnnLab.Analysis;
using RnnLab.Layers;
using RnnLab.Randomness;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Layers;

/// <summary>Attention with every score: its backward, masks and padding, one query or several at once, what does not fit.</summary>
public sealed class AttentionTests
{
    private const int T = AttentionProblem.T, S = AttentionProblem.S, B = AttentionProblem.B, Q = AttentionProblem.Q;

    public static TheoryData<AttentionScore, bool> All => Each.Of(Enum.GetValues<AttentionScore>(), (bool[])[false, true]);

    [Theory]
    [MemberData(nameof(All))]
    public void Weights_contexts_and_all_gradients_equal_autograd_and_central_differences(AttentionScore score, bool masked)
    {
        using var scope = NewDisposeScope();
        var problem = new AttentionProblem(score, masked);
        var (expected, byHand) = (problem.ByAutograd(), problem.Stepwise());
        Same.Within(Difference.Autograd, expected, byHand);
        foreach (var (name, variable) in problem.Layer.named_parameters().Select(p => (p.name, (Tensor)p.parameter)).Append(("dq", problem.Query)).Append(("dmemory", problem.Memory)))
            Same.Within(Difference.CentralDifferences, CentralDifferences.Of(problem.Loss, variable).view(variable.shape), byHand[name]);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Queries_one_by_one_in_groups_and_all_at_once_give_the_same(AttentionScore score, bool masked)
    {
        using var scope = NewDisposeScope();
        var problem = new AttentionProblem(score, masked);
        var stepwise = problem.Stepwise();
        Same.Within(Difference.Autograd, stepwise, problem.Together(T));
        Same.Within(Difference.Autograd, stepwise, problem.Together(1, T - 1));
    }

    [Theory]
    [InlineData(AttentionScore.Additive), InlineData(AttentionScore.Dot), InlineData(AttentionScore.General), InlineData(AttentionScore.Concat)]
    public void Padding_has_no_weight_and_no_gradient_whatever_it_holds(AttentionScore score)
    {
        using var scope = NewDisposeScope();
        var problem = new AttentionProblem(score, masked: true);
        var expected = problem.Stepwise();
        var padding = problem.Mask!.logical_not();
        foreach (var value in (double[])[double.NaN, double.PositiveInfinity])
        {
            problem.Memory = problem.Memory.masked_fill(padding.unsqueeze(2), value);
            var results = problem.Stepwise();
            Same.Exactly($"padding with {value}", expected, results);
            Assert.Equal(0, results["weights"].permute(2, 1, 0).masked_select(padding.unsqueeze(2)).abs().max().item<double>());
            Assert.Equal(0, results["dmemory"].masked_select(padding.unsqueeze(2)).abs().max().item<double>());
        }
    }

    [Fact]
    public void What_the_caller_does_to_his_weights_and_context_changes_no_gradient()
    {
        using var scope = NewDisposeScope();
        var problem = new AttentionProblem(AttentionScore.General, masked: false);
        (Tensor, Tensor) Gradients(bool changed)
        {
            using var pass = problem.Layer.Begin(problem.Memory, null, record: true);
            var (context, weights) = pass.Step(problem.Query.select(0, 0));
            if (changed)
            {
                context.zero_();
                weights.zero_();
            }
            return (pass.StepBackward(problem.R.select(0, 0)), pass.Finish());
        }
        var ((dq, dMemory), (dqAfter, dMemoryAfter)) = (Gradients(false), Gradients(true));
        Same.Exactly(dq, dqAfter);
        Same.Exactly(dMemory, dMemoryAfter);
    }

    [Theory]
    [InlineData(AttentionScore.Additive), InlineData(AttentionScore.Dot), InlineData(AttentionScore.General), InlineData(AttentionScore.Concat)]
    public void Each_sequence_of_a_padded_batch_gives_what_it_gives_alone(AttentionScore score)
    {
        using var scope = NewDisposeScope();
        var problem = new AttentionProblem(score, masked: true);
        var whole = problem.Stepwise();
        var sums = problem.Layer.named_parameters().ToDictionary(p => p.name, p => zeros_like(p.parameter).detach());
        for (var b = 0; b < B; b++)
        {
            var length = problem.Mask!.select(1, b).sum().item<long>();
            Gradients.Zero(problem.Layer.parameters());
            using var pass = problem.Layer.Begin(problem.Memory.narrow(1, b, 1).narrow(0, 0, length), null, record: true);
            var (context, weights) = pass.Step(problem.Query.narrow(1, b, 1));
            var dq = pass.StepBackward(problem.R.narrow(1, b, 1));
            var dMemory = pass.Finish();
            Same.Within(Difference.Autograd, context, whole["context"].narrow(1, b, 1));
            Same.Within(Difference.Autograd, weights, whole["weights"].narrow(1, b, 1).narrow(2, 0, length));
            Same.Within(Difference.Autograd, dq, whole["dq"].narrow(1, b, 1));
            Same.Within(Difference.Autograd, dMemory, whole["dmemory"].narrow(1, b, 1).narrow(0, 0, length));
            foreach (var (name, parameter) in problem.Layer.named_parameters())
                sums[name] += Gradients.Of(parameter);
        }
        foreach (var (name, sum) in sums)
            Same.Within(Difference.Autograd, sum, whole[name]);
    }

    [Fact]
    public void Gradients_are_added_to_those_that_are_there()
    {
        using var scope = NewDisposeScope();
        var problem = new AttentionProblem(AttentionScore.Additive, masked: true);
        var once = problem.Stepwise();
        using var pass = problem.Layer.Begin(problem.Memory, problem.Mask, record: true);
        pass.Step(problem.Query);
        pass.StepBackward(problem.R);
        pass.Finish();
        foreach (var (name, parameter) in problem.Layer.named_parameters())
            Same.Within(Difference.Autograd, once[name] * 2, Gradients.Of(parameter));
    }

    [Fact]
    public void What_a_caller_does_to_weights_and_contexts_changes_no_gradient()
    {
        using var scope = NewDisposeScope();
        var problem = new AttentionProblem(AttentionScore.General, masked: false);
        var expected = problem.Stepwise();
        using var pass = problem.Layer.Begin(problem.Memory, null, record: true);
        var (context, weights) = pass.Step(problem.Query);
        context.zero_();
        weights.zero_();
        Same.Within(Difference.Autograd, expected["dq"], pass.StepBackward(problem.R));
        Same.Within(Difference.Autograd, expected["dmemory"], pass.Finish());
    }

    [Fact]
    public void Parameters_come_from_streams_of_their_own_names()
    {
        using var scope = NewDisposeScope();
        using var layer = Attention.Create(AttentionScore.Additive, 4, 9, 5, seed: 2, "attend", ScalarType.Float64);
        var shapes = layer.named_parameters().ToDictionary(p => p.name, p => p.parameter.shape);
        Assert.Equal(["bias", "v", "weight_m", "weight_q"], shapes.Keys.Order());
        Same.Exactly(new RandomStream(2, "init/attend.weight_m").Uniform([5, 9], -1.0 / 3, 1.0 / 3), ((AdditiveAttention)layer).WeightM.detach());
        using var narrow = Attention.Create(AttentionScore.General, 4, 9, 0, seed: 2, "attend", range: 0.01);
        Assert.Equal([4, 9], ((MultiplicativeAttention)narrow).Weight!.shape);
        Assert.InRange(((MultiplicativeAttention)narrow).Weight!.abs().max().item<float>(), 0.005, 0.01);
        using var concat = Attention.Create(AttentionScore.Concat, 4, 9, 5, seed: 2, "attend");
        Assert.Equal(["v", "weight_m", "weight_q"], concat.named_parameters().Select(p => p.name).Order());
        using var dot = Attention.Create(AttentionScore.Dot, 4, 4, 0, seed: 2, "attend");
        Assert.Empty(dot.parameters());
    }

    [Fact]
    public void Nothing_is_left_behind_in_memory()
    {
        foreach (var score in Enum.GetValues<AttentionScore>())
        {
            using var scope = NewDisposeScope();
            var problem = new AttentionProblem(score, masked: true);
            using (NewDisposeScope())
                problem.Stepwise();
            var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
            using (NewDisposeScope())
                problem.Stepwise();
            Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using var scope = NewDisposeScope();
        var p = new AttentionProblem(AttentionScore.Additive, masked: true);
        var (layer, q, dc) = (p.Layer, p.Query.select(0, 0), p.R.select(0, 0));
        Refused<ArgumentException>("needs queries as wide as the memory, not 6 and 4", () => Attention.Create(AttentionScore.Dot, 6, 4, 1, 1, "a"));
        Refused<ArgumentOutOfRangeException>("must be a non-negative and non-zero value", () => Attention.Create(AttentionScore.Concat, 6, 4, 0, 1, "a"));
        Refused<ArgumentException>("expected (S, B, 4)", () => layer.Begin(p.Query, null, record: true));
        Refused<ArgumentException>("memory is Float32 on cpu, the weights are Float64", () => layer.Begin(p.Memory.to(ScalarType.Float32), null, record: true));
        Refused<ArgumentException>($"expected Bool ({S}, {B})", () => layer.Begin(p.Memory, p.Mask!.t(), record: true));
        Refused<ArgumentException>($"expected Bool ({S}, {B})", () => layer.Begin(p.Memory, p.Mask!.to(ScalarType.Float64), record: true));
        Refused<ArgumentException>("leaves a sequence nothing to attend to", () => layer.Begin(p.Memory, zeros([S, B], ScalarType.Bool), record: true));
        using var quick = layer.Begin(p.Memory, p.Mask, record: false);
        quick.Step(q);
        Refused<InvalidOperationException>("begun without a record", () => quick.StepBackward(dc));
        using var pass = layer.Begin(p.Memory, p.Mask, record: true);
        Refused<InvalidOperationException>("no step has been taken yet", () => pass.Finish());
        Refused<ArgumentException>($"expected ({B}, {Q}) or (T, {B}, {Q})", () => pass.Step(dc));
        Refused<ArgumentException>($"expected ({B}, {Q}) or (T, {B}, {Q})", () => pass.Step(q.narrow(0, 0, 1)));
        Refused<ArgumentException>("query is Float32 on cpu, the memory is Float64", () => pass.Step(q.to(ScalarType.Float32)));
        pass.Step(q);
        pass.Step(p.Query);
        Refused<ArgumentException>($"the step gave ({T}, {B}, 4)", () => pass.StepBackward(dc));
        pass.StepBackward(p.R);
        Refused<InvalidOperationException>("once the backward has begun", () => pass.Step(q));
        Refused<InvalidOperationException>("1 steps have not been gone back through", () => pass.Finish());
        pass.StepBackward(dc);
        Refused<InvalidOperationException>("every step has been gone back through", () => pass.StepBackward(dc));
        pass.Finish();
        Refused<InvalidOperationException>("begin a new one", () => pass.Step(q));
    }

    private static void Refused<TException>(string message, Action act) where TException : Exception
        => Assert.Contains(message, Assert.ThrowsAny<TException>(act).Message, StringComparison.Ordinal);
}
