using RnnLab.Experiments.Configuration;
using RnnLab.Layers;
using RnnLab.Recurrence;
using RnnLab.Training;

namespace RnnLab.Experiments;

/// <summary>The <c>training</c> section.</summary>
/// <param name="Epochs">Passes over the training text; null where steps are given.</param>
/// <param name="Steps">Updates; null where epochs are given.</param>
/// <param name="BatchSize">Streams side by side.</param>
/// <param name="K1">For a running text: steps between updates; else 0.</param>
/// <param name="K2">For a running text: steps that a loss goes back through, at most; else 0.</param>
/// <param name="CarryState">For a running text: whether a chunk starts from the state that the chunk before it ended in.</param>
/// <param name="Bucketing">For examples: whether a batch's are of like lengths.</param>
/// <param name="TapeMemory">What a window's tapes keep for its backward.</param>
/// <param name="Loss">How a chunk's loss is reduced.</param>
/// <param name="Forcing">What steps are fed; null for the truth always.</param>
/// <param name="Optimizer">The optimiser.</param>
/// <param name="LearningRateDecay">The factor of one epoch.</param>
/// <param name="LearningRateDecayAfter">The epoch at whose end the decay starts.</param>
/// <param name="Clipping">Clipping of gradients.</param>
/// <param name="InitialWeights">A safetensors file whose weights a new run starts from; null where they are drawn.</param>
/// <param name="LogInterval">Updates between two rows of the metrics.</param>
/// <param name="CheckpointInterval">Updates between two checkpoints.</param>
public sealed record TrainingConfig(
    int? Epochs, long? Steps, int BatchSize, int K1, int K2, bool CarryState, bool Bucketing, TapeMemory TapeMemory, LossReduction Loss, ForcingPlan? Forcing, OptimizerConfig Optimizer,
    double LearningRateDecay, int LearningRateDecayAfter, GradientClipping Clipping, string? InitialWeights, int LogInterval, int CheckpointInterval)
{
    /// <summary>The largest number of a config that goes into tensors: well within float32.</summary>
    internal const double Largest = 1e30;

    /// <summary>The settings of a trainer on a running text.</summary>
    public StreamSettings StreamSettings() => new(BatchSize, K1, K2, CarryState, Clipping, LearningRate(), Forcing);

    /// <summary>The settings of a trainer on examples.</summary>
    /// <param name="seed">The experiment's.</param>
    public ExampleSettings ExampleSettings(ulong seed) => new(BatchSize, Bucketing, Loss, seed, Clipping, LearningRate(), Forcing);

    /// <summary>Updates of the whole training.</summary>
    /// <param name="stepsPerEpoch">Updates of a pass over the data; null where they have no end, when there must be <see cref="Steps"/>.</param>
    public long TotalSteps(long? stepsPerEpoch) => Steps ?? Epochs!.Value * stepsPerEpoch!.Value;

    internal static TrainingConfig Read(ConfigSection section, TaskConfig task, ulong seed)
    {
        var isStream = task is TextTaskConfig;
        var steps = section.OptionalLong("steps", min: 1, max: 1_000_000_000_000);
        var epochs = section.OptionalInteger("epochs", min: 1, max: 1_000_000_000);
        if (steps is not null && epochs is not null)
        {
            // The command line may turn a config of epochs into one of steps, or the other way round.
            if (section.FromCommandLine("steps") == section.FromCommandLine("epochs"))
                throw section.Error("steps", "training.epochs is given too; expected one of the two");
            (steps, epochs) = section.FromCommandLine("steps") ? (steps, null) : ((long?)null, epochs);
        }
        var k1 = isStream ? section.Integer("k1", 50, min: 1, max: 1_000_000) : 0;
        return new(
            steps is null ? epochs ?? 10 : null, steps,
            section.Integer("batch_size", 50, min: 1, max: 1_000_000),
            k1,
            isStream ? section.Integer("k2", k1, min: k1, max: 1_000_000) : 0,
            isStream && section.Flag("carry_state", true),
            !isStream && section.Flag("bucketing", false),
            ReadTapeMemory(section),
            section.Choice("loss", "mean", "mean", "sum_over_time") == "mean" ? LossReduction.Mean : LossReduction.SumOverTime,
            ForcingConfig.Read(section, seed),
            OptimizerConfig.Read(section.Section("optimizer")),
            section.Number("learning_rate_decay", 1, above: 0, max: 1),
            section.Integer("learning_rate_decay_after", 0, min: 0),
            new GradientClipping(section.OptionalNumber("clip_norm", above: 0, max: Largest), section.OptionalNumber("clip_value", above: 0, max: Largest)),
            section.OptionalPath("initial_weights"),
            section.Integer("log_interval", 50, min: 1),
            section.Integer("checkpoint_interval", 500, min: 1));
    }

    private static TapeMemory ReadTapeMemory(ConfigSection section)
        => TapeMemory.Named(section.Text("tape_memory", "full"))
            ?? throw section.Error("tape_memory", "expected full, sqrt, or a positive number of steps");

    internal ConfigTree ToTree()
    {
        var tree = new ConfigTree { { Steps is null ? "epochs" : "steps", Steps ?? (object?)Epochs }, { "batch_size", BatchSize } };
        if (K1 > 0)
        {
            tree.Add("k1", K1);
            tree.Add("k2", K2);
            tree.Add("carry_state", CarryState);
        }
        else
        {
            tree.Add("bucketing", Bucketing);
        }
        tree.Add("tape_memory", TapeMemory.ToString());
        tree.Add("loss", Loss == LossReduction.Mean ? "mean" : "sum_over_time");
        if (Forcing is not null)
            tree.Add("forcing", ForcingConfig.ToTree(Forcing));
        tree.Add("optimizer", Optimizer.ToTree());
        tree.Add("learning_rate_decay", LearningRateDecay);
        tree.Add("learning_rate_decay_after", LearningRateDecayAfter);
        tree.Add("clip_norm", Clipping.MaxNorm);
        tree.Add("clip_value", Clipping.MaxValue);
        tree.Add("initial_weights", InitialWeights is null ? null : Path.GetFullPath(InitialWeights));
        tree.Add("log_interval", LogInterval);
        tree.Add("checkpoint_interval", CheckpointInterval);
        return tree;
    }

    private LearningRateDecay LearningRate() => new(Optimizer.LearningRate, LearningRateDecay, LearningRateDecayAfter);
}
