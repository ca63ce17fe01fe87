using RnnLab.Analysis;
using RnnLab.Cells;
using RnnLab.Forcing;
using RnnLab.Layers;
using RnnLab.Models;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Sequences;
using RnnLab.Tasks;
using RnnLab.Tests.Cells;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Models.Feedback;

/// <summary>Series that are fed their own outputs.</summary>
public sealed class SelfFeedingTests
{
    private const int K = 2, Steps = 7, B = 3;
    private const long FirstStep = 11;

    private sealed class Problem : IDisposable
    {
        public Problem(string cell = "lstm", double dropout = 0.2, bool weighted = true)
        {
            Rnn = RecurrentStack.Create(CellGradientTests.Cells[cell], K, 2, dropout, new Initialization { Range = 0.7 }, 5, dtype: ScalarType.Float64);
            Head = new(Rnn.OutputSize, K, 5, dtype: ScalarType.Float64);
            Rnn.train();
            var weights = weighted ? Draw.Uniform("weights", Steps, B).abs() : null;
            Batch = new(new Example[B], Draw.Uniform("x", Steps, B, K), null, Draw.Uniform("target", Steps, B, K), weights, weights?.sum().item<double>() ?? Steps * B);
        }

        public RecurrentStack Rnn { get; }

        public Linear Head { get; }

        public SequenceBatch Batch { get; }

        public IEnumerable<(string Name, Parameter Parameter)> Parameters
            => Rnn.named_parameters().Concat(Head.named_parameters()).Select(p => (p.name, p.parameter));

        public Dictionary<string, Tensor> ByHand(TeacherForcing forcing, double scale = 1) => ByHand(Batch, forcing, scale);

        public Dictionary<string, Tensor> ByHand(SequenceBatch batch, TeacherForcing forcing, double scale = 1)
        {
            Gradients.Zero(Parameters.Select(p => p.Parameter));
            using var pass = SelfFeeding.Forward(Rnn, Head, batch, forcing, FirstStep);
            var loss = pass.Loss.clone();
            pass.Backward(scale);
            return Named(loss, Parameters.Select(p => Gradients.Of(p.Parameter).clone()));
        }

        /// <summary>The same equations as an autograd graph over the same coins.</summary>
        public Tensor AutogradLoss(TeacherForcing forcing, bool carriesGradient)
        {
            var (s, y, losses) = (Rnn.ZeroState(B), (Tensor?)null, new List<Tensor>());
            for (var t = 0; t < Steps; t++)
            {
                var x = Batch.Inputs.select(0, t);
                if (t > 0)
                    x = where(tensor(forcing.Truth(FirstStep, t, B)).unsqueeze(1), x, carriesGradient ? y! : y!.detach());
                (var h, s) = AutogradUnroll.Forward(Rnn, x.unsqueeze(0), s, new() { FirstStep = FirstStep + t });
                y = Head.Bias.addmm(h.squeeze(0), Head.Weight.t());
                var errors = (y - Batch.Targets.select(0, t)).square().mean([1L]);
                losses.Add((Batch.Weights is { } w ? errors * w.select(0, t) : errors).sum());
            }
            return stack(losses).sum() / Batch.Scored;
        }

        public Dictionary<string, Tensor> ByAutograd(TeacherForcing forcing, bool carriesGradient)
        {
            var loss = AutogradLoss(forcing, carriesGradient);
            return Named(loss.detach(), autograd.grad([loss], [.. Parameters.Select(p => (Tensor)p.Parameter)]));
        }

        public void Dispose()
        {
            Rnn.Dispose();
            Head.Dispose();
        }

        private Dictionary<string, Tensor> Named(Tensor loss, IEnumerable<Tensor> gradients)
        {
            var all = Parameters.Zip(gradients).ToDictionary(p => p.First.Name, p => p.Second);
            all["loss"] = loss;
            return all;
        }
    }

    public static TheoryData<string, double, bool> Cases => Each.Of<string, double, bool>(["lstm", "gru", "lstm projected"], [0.0, 0.5, 1.0], [true, false]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_equal_autograds_with_what_is_fed_back_carrying_the_gradient_and_detached(string cell, double probability, bool carriesGradient)
    {
        using var scope = NewDisposeScope();
        using var problem = new Problem(cell);
        var forcing = new TeacherForcing(probability, FeedbackGradient: carriesGradient, Seed: 3);
        var byHand = problem.ByHand(forcing);
        Same.Within(Difference.Autograd, problem.ByAutograd(forcing, carriesGradient), byHand);
        // The other of the two is another gradient, where anything was fed back.
        var other = problem.ByAutograd(forcing, !carriesGradient)["weight_ih_l0"];
        Assert.Equal(probability < 1, Difference.Of(byHand["weight_ih_l0"], other) > 1e-3);
    }

    [Theory]
    [InlineData("lstm", 0.0), InlineData("gru", 0.5)]
    public void With_its_gradient_fed_back_the_gradient_is_the_losss_slope_for_frozen_coins(string cell, double probability)
    {
        using var scope = NewDisposeScope();
        using var problem = new Problem(cell, weighted: false);
        var forcing = new TeacherForcing(probability, CoinUnit.Token, FeedbackGradient: true, Seed: 3);
        var gradients = problem.ByHand(forcing);
        double Loss()
        {
            using var own = NewDisposeScope();
            using var pass = SelfFeeding.Forward(problem.Rnn, problem.Head, problem.Batch, forcing, FirstStep);
            return pass.Loss.item<double>();
        }
        Assert.InRange(SampledDifferences.Worst(Loss, problem.Parameters.Select(p => (p.Name, (Tensor)p.Parameter)), gradients), 0, Difference.CentralDifferences);
    }

    [Fact]
    public void A_scale_multiplies_the_gradient_and_the_truth_always_is_the_stacks_own_pass()
    {
        using var scope = NewDisposeScope();
        using var problem = new Problem();
        var (one, scaled) = (problem.ByHand(new(0.5, FeedbackGradient: true)), problem.ByHand(new(0.5, FeedbackGradient: true), 2.5));
        Same.Within(Difference.Autograd, one["weight_hh_l1"] * 2.5, scaled["weight_hh_l1"]);
        var (h, _) = problem.Rnn.Forward(problem.Batch.Inputs, problem.Rnn.ZeroState(B), options: new() { FirstStep = FirstStep });
        var errors = (problem.Head.Forward(h.view(-1, h.shape[2])) - problem.Batch.Targets.view(-1, K)).square().mean([1L]) * problem.Batch.Weights!.view(-1);
        Same.Within(Difference.Autograd, errors.sum() / problem.Batch.Scored, problem.ByHand(new(1))["loss"]);
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public void Padding_changes_nothing_whatever_it_holds(bool carriesGradient)
    {
        using var scope = NewDisposeScope();
        using var problem = new Problem(dropout: 0);
        var forcing = new TeacherForcing(0, FeedbackGradient: carriesGradient);
        long[] lengths = [4, 7, 1];
        var mask = SequenceLengths.Of(lengths).Mask(Steps, ScalarType.Float64, CPU);
        var padding = mask.eq(0);
        using var sequenceLengths = SequenceLengths.Of(lengths);
        var (inputs, targets) = (problem.Batch.Inputs.masked_fill(padding, double.NaN), problem.Batch.Targets.masked_fill(padding, double.NaN));
        var batch = new SequenceBatch(new Example[B], inputs, sequenceLengths, targets, mask.squeeze(2), 12);
        var together = problem.ByHand(batch, forcing);
        var sums = together.ToDictionary(p => p.Key, p => zeros_like(p.Value));
        for (var b = 0; b < B; b++)
        {
            Tensor Alone(Tensor x) => x.narrow(0, 0, lengths[b]).narrow(1, b, 1).contiguous();
            foreach (var (name, value) in problem.ByHand(new([null!], Alone(problem.Batch.Inputs), null, Alone(problem.Batch.Targets), null, lengths[b]), forcing))
                sums[name] += value * (lengths[b] / 12.0);
        }
        Same.Within(1e-10, sums, together);
    }

    [Fact]
    public void A_batch_goes_back_once_and_widths_must_fit()
    {
        using var scope = NewDisposeScope();
        using var problem = new Problem();
        using var pass = SelfFeeding.Forward(problem.Rnn, problem.Head, problem.Batch, new(0.5), FirstStep);
        pass.Backward();
        Assert.Contains("run the forward again", Assert.Throws<InvalidOperationException>(() => pass.Backward()).Message, StringComparison.Ordinal);
        var narrow = problem.Batch with { Targets = problem.Batch.Targets.narrow(2, 0, 1) };
        var error = Assert.Throws<ArgumentException>(() => SelfFeeding.Forward(problem.Rnn, problem.Head, narrow, new(0.5), 0));
        Assert.Contains("must both be (T, B, 2)", error.Message, StringComparison.Ordinal);
    }
}
