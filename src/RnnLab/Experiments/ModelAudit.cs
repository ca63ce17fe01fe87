using RnnLab.Analysis;
using RnnLab.Kernels;
using RnnLab.Randomness;
using RnnLab.Recurrence;
using RnnLab.Tasks;

namespace RnnLab.Experiments;

/// <summary>The gradient audit of the model that a config describes, in float64 on the CPU: of a language model on random tokens, of others on the first training examples.</summary>
public static class ModelAudit
{
    private const int VocabularySize = 20, Batch = 3, LongestWindow = 12;

    /// <summary>Audits every parameter; of a language model over one window of at most 12 steps, whose last half is scored.</summary>
    /// <param name="config">The config; its device, dtype and, of a language model, text have no part in it.</param>
    /// <param name="elements">Elements of each parameter to try by central differences.</param>
    public static IReadOnlyList<AuditRow> Of(ExperimentConfig config, int elements)
    {
        ArgumentNullException.ThrowIfNull(config);
        using var kernel = KernelChoice.Use(config.Kernel);
        using var scope = NewDisposeScope();
        return config.Task is TextTaskConfig ? OfLanguageModel(config, elements) : OfExamples(config, elements);
    }

    /// <summary>The model of a task with examples, over the first of them.</summary>
    private static IReadOnlyList<AuditRow> OfExamples(ExperimentConfig config, int elements)
    {
        var t = (ExampleTaskConfig)config.Task;
        var task = t.Kind.Create(t.Values, null);
        var audited = Audited(config);
        ExampleModels.RequireTape(audited);
        ExampleModels.RequireSteps(audited, task);
        using var model = ExampleModels.New(audited, task.Shape, CPU);
        model.train();
        var count = (int)Math.Min(Batch, task.Training.Count ?? Batch);
        using var batch = Collation.Of([.. Enumerable.Range(0, count).Select(i => task.Training[i])], task.Shape, ScalarType.Float64, CPU);
        return GradientAudit.Of(model, batch, elements, config.Seed);
    }

    private static IReadOnlyList<AuditRow> OfLanguageModel(ExperimentConfig config, int elements)
    {
        var audited = Audited(config);
        using var model = LanguageModelExperiment.NewModel(audited, VocabularySize, CPU);
        model.train();
        var T = Math.Min(LongestWindow, config.Training.K2);
        var stream = new RandomStream(config.Seed, "gradcheck");
        Tensor Tokens(ulong @event, long steps) => (stream.Uniform([steps, Batch], 0, 1, @event) * VocabularySize).to(ScalarType.Int64);
        var s0 = model.ZeroState(Batch).Map(s => stream.Uniform(s.shape, -0.5, 0.5, 2));
        return GradientAudit.Of(model, Tokens(0, T), Tokens(1, (T + 1) / 2), s0, elements, config.Seed);
    }

    // A budget that fits the config's windows need not fit the audit's; the gradient does not depend on it.
    private static ExperimentConfig Audited(ExperimentConfig config) => config with
    {
        Dtype = "float64",
        Training = config.Training with { TapeMemory = config.Training.TapeMemory == TapeMemory.Full ? TapeMemory.Full : TapeMemory.SquareRoot },
    };
}
