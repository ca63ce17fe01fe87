using RnnLab.Metrics;

namespace RnnLab.Tasks;

/// <summary>A part of a task's examples.</summary>
/// <param name="Name">What it is called in the metrics: validation, test, length_50.</param>
/// <param name="Examples">The examples; there is a count.</param>
public sealed record ExampleSet(string Name, IExamples Examples);

/// <summary>What a simple answer to the task achieves: logged and drawn beside a model's loss.</summary>
/// <param name="Name">What it is: memoryless, chance, persistence.</param>
/// <param name="Loss">Its loss, in the units of the model's: nats for tokens and bits, squared error for real numbers, the mean over all that is scored.</param>
public sealed record Baseline(string Name, double Loss);

/// <summary>A task whose examples stand each for itself: what there is to learn, and how it is measured.</summary>
public abstract class ExampleTask
{
    /// <summary>The form of its examples.</summary>
    public abstract TaskShape Shape { get; }

    /// <summary>What to train on.</summary>
    public abstract IExamples Training { get; }

    /// <summary>What to measure on: first the validation part, whose loss says which checkpoint is best, then further sets. None shares an example with the training part, where that can be told.</summary>
    public abstract IReadOnlyList<ExampleSet> Evaluation { get; }

    /// <summary>What simple answers achieve on the validation part.</summary>
    public virtual IReadOnlyList<Baseline> Baselines => [];

    /// <summary>Names of input tokens, or null where the input is not of tokens.</summary>
    public virtual Vocabulary? InputVocabulary => null;

    /// <summary>Names of target tokens or classes, or null where the target is not of tokens.</summary>
    public virtual Vocabulary? TargetVocabulary => null;

    /// <summary>What is measured of the answers to a set of examples, beside the loss: new and empty ones.</summary>
    public virtual IReadOnlyList<IMetric> NewMetrics() => StandardMetrics.For(Shape);

    /// <summary>How lines become sequences and back, for <c>rnnlab translate</c>; null where examples are no lines of text.</summary>
    public virtual PairText? Text => null;

    /// <summary>What a run keeps of the task's data, so that its model can be used without them and no other data is taken for them; null where it is made from the seed alone.</summary>
    public virtual TaskRecord? Record => null;

    /// <summary>A line on the data: where it is from, how much there is.</summary>
    public abstract string Description { get; }
}
