using RnnLab.Forcing;
using RnnLab.Layers;
using RnnLab.Models;
using RnnLab.Tasks;
using RnnLab.Training;
using RnnLab.Training.Optimizers;

namespace RnnLab.Tests.Training;

public sealed class ExampleTrainerTests
{
    private const int Examples = 5, BatchSize = 2;

    [Fact]
    public void Each_pass_begins_at_the_time_step_where_the_one_before_it_ended()
    {
        using var model = new Probe();
        using var trainer = NewTrainer(model, LossReduction.Mean);
        Advance(trainer, 7);
        Assert.Equal(model.Passes.Select((_, i) => model.Passes.Take(i).Sum(pass => pass.Steps)), model.Passes.Select(pass => pass.Options.FirstStep));
        Assert.Equal(model.Passes.Sum(pass => pass.Steps), trainer.Counters().NextTimeStep);
    }

    [Fact]
    public void A_sum_over_time_scales_the_gradient_and_not_the_loss_that_is_told()
    {
        foreach (var reduction in Enum.GetValues<LossReduction>())
        {
            using var model = new Probe();
            using var trainer = NewTrainer(model, reduction);
            Advance(trainer, 6);
            Assert.Equal(model.Passes.Select(pass => reduction == LossReduction.Mean ? 1 : pass.Scored / pass.Size), model.Passes.Select(pass => pass.Scale));
            Assert.Equal(model.Passes.Select(pass => pass.Scored), trainer.Read().Select(measure => measure.Loss));
        }
    }

    [Theory]
    [InlineData(ScheduleClock.Step, new[] { 1.0, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25 })]
    [InlineData(ScheduleClock.Epoch, new[] { 1.0, 1, 1, 0.875, 0.875, 0.875, 0.75 })]
    public void The_schedule_is_read_by_updates_or_by_whole_passes_and_the_value_is_told(ScheduleClock clock, double[] expected)
    {
        using var model = new Probe();
        var coins = new TeacherForcing(1, CoinUnit.Sequence, FeedbackChoice.Sample, FeedbackGradient: true, Seed: 4);
        using var trainer = NewTrainer(model, LossReduction.Mean, new(new LinearForcing(1, 0.125), clock, coins));
        Assert.Equal(expected.Cast<double?>(), Advance(trainer, expected.Length).Select(step => step.Forcing));
        Assert.Equal(expected.Select(p => coins with { Probability = p }), model.Passes.Select(pass => pass.Options.Forcing));
    }

    [Fact]
    public void The_model_trains_in_training_mode_and_is_checked_in_evaluation_mode()
    {
        using var model = new Probe();
        using var trainer = NewTrainer(model, LossReduction.Mean);
        Advance(trainer, 1);
        trainer.RequireFiniteState();
        Advance(trainer, 1);
        Assert.Equal([false], model.Evaluations);
        Assert.All(model.Passes, pass => Assert.True(pass.IsTraining));
    }

    private static TrainingStep[] Advance(ExampleTrainer trainer, int steps) => [.. Enumerable.Range(0, steps).Select(_ => trainer.Advance())];

    private static ExampleTrainer NewTrainer(Probe model, LossReduction reduction, ForcingPlan? forcing = null)
    {
        var settings = new ExampleSettings(BatchSize, Bucketing: false, reduction, Seed: 3, new(null, null), new(0.1, 1, 0), forcing);
        return new(model, new Zeros(), new Sgd(model.named_parameters().Select(p => (p.name, p.parameter)), 0.1), settings, ScalarType.Float64, CPU);
    }

    /// <summary>What a pass was asked for.</summary>
    private sealed record Pass(PassOptions Options, long Steps, double Scored, int Size, bool IsTraining)
    {
        public double Scale { get; set; }
    }

    /// <summary>Five sequences, of 1 to 5 steps.</summary>
    private sealed class Zeros : ExampleTask
    {
        public override TaskShape Shape => Probe.Form;

        public override IExamples Training { get; } = new GeneratedExamples(i => new(Steps(i + 1), Steps(i + 1)), Examples);

        public override IReadOnlyList<ExampleSet> Evaluation => [];

        public override string Description => "zeros";

        private static TokenSteps Steps(long length) => new(new long[length]);
    }

    /// <summary>A model that notes what it is asked for; its loss is the number of targets.</summary>
    private sealed class Probe : BatchModel
    {
        private readonly Parameter _w = new(zeros([1], ScalarType.Float64).DetachFromDisposeScope());

        public Probe() : base("probe", Form) => register_parameter("w", _w);

        public static TaskShape Form { get; } = new(new(ValueKind.Tokens, 2), new(ValueKind.Tokens, 2), TargetPlace.EachStep);

        public List<Pass> Passes { get; } = [];

        /// <summary>Whether the model was in training mode.</summary>
        public List<bool> Evaluations { get; } = [];

        // One more, as a decoder may have that says an end mark.
        public override long StepsOf(SequenceBatch batch) => batch.Steps + 1;

        public override IBatchPass Forward(SequenceBatch batch, PassOptions options)
        {
            Passes.Add(new(options, StepsOf(batch), batch.Scored, batch.Size, training));
            return new Noted(Passes[^1]);
        }

        public override BatchResult Evaluate(SequenceBatch batch)
        {
            Evaluations.Add(training);
            return new(0, batch.Scored, []);
        }
    }

    private sealed class Noted(Pass pass) : IBatchPass
    {
        public Tensor Loss { get; } = tensor(pass.Scored);

        public void Backward(double scale = 1) => pass.Scale = scale;

        public void Dispose() => Loss.Dispose();
    }
}
