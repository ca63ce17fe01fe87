using RnnLab.Randomness;

namespace RnnLab.Tasks;

/// <summary>Whether an input of the training part may be one of the validation part.</summary>
public enum Overlap
{
    /// <summary>It may: there are only few different ones, or so many that none comes twice.</summary>
    Allowed,

    /// <summary>The validation part is drawn, and training examples with an input of it are drawn again.</summary>
    TrainingAvoidsValidation,

    /// <summary>The training part, of which there is an end, is drawn, and validation examples with an input of it are drawn again.</summary>
    ValidationAvoidsTraining,
}

/// <summary>
/// A task whose examples are drawn by its rules: the i-th of a part is a function of the seed, the task's name, the part (train, validation) and i. There
/// is no end of training examples, unless the setting <c>examples</c> says so; <c>validation_examples</c> are of a stream of their own.
/// </summary>
public abstract class GeneratedTask : ExampleTask
{
    private readonly TaskValues _values;
    private readonly string _name;

    /// <summary>A task.</summary>
    /// <param name="name">The kind's name, which is in its streams' names.</param>
    /// <param name="shape">The form of its examples.</param>
    /// <param name="values">Its settings, those of <see cref="Sizes"/> among them.</param>
    /// <param name="overlap">Whether parts may share an input; refused only for inputs of tokens.</param>
    protected GeneratedTask(string name, TaskShape shape, TaskValues values, Overlap overlap)
    {
        ArgumentNullException.ThrowIfNull(values);
        (_name, Shape, _values) = (name, shape, values);
        var (training, validation) = (Part("train", TrainingCount), Part("validation", values.Long("validation_examples")));
        if (overlap == Overlap.TrainingAvoidsValidation)
            training = Part("train", TrainingCount, validation.Inputs());
        else if (overlap == Overlap.ValidationAvoidsTraining)
            validation = Part("validation", validation.Count, training.Inputs());
        (Training, Validation) = (training, validation);
    }

    /// <inheritdoc/>
    public override TaskShape Shape { get; }

    /// <inheritdoc/>
    public override DrawnExamples Training { get; }

    /// <summary>The validation part.</summary>
    public DrawnExamples Validation { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ExampleSet> Evaluation => [new("validation", Validation)];

    /// <inheritdoc/>
    public override string Description
        => $"{_name}: {Rules}; training examples {(Training.Count is { } count ? $"{count:N0}" : "without an end")}, for validation {Validation.Count:N0}";

    /// <summary>Its rules with this task's settings, in a few words.</summary>
    protected abstract string Rules { get; }

    private long? TrainingCount => _values.Long("examples") is > 0 and var count ? count : null;

    /// <summary>The settings of how many examples there are.</summary>
    /// <param name="examples">Training examples unless told otherwise, 0 for no end.</param>
    /// <param name="validation">Validation examples unless told otherwise.</param>
    public static IReadOnlyList<TaskSetting> Sizes(long examples = 0, long validation = 1000) =>
    [
        new IntegerSetting("examples", "training examples; 0 for no end of them", examples, 0, 1_000_000_000),
        new IntegerSetting("validation_examples", "validation examples", validation, 1, 1_000_000),
    ];

    /// <summary>An example of its random numbers and the settings, which it may take from fields of the task: it is not called before the task stands.</summary>
    protected abstract Example Draw(Draws draws);

    /// <summary>An example of a part; like one of any other unless the task tells parts apart.</summary>
    protected virtual Example Draw(Draws draws, string part) => Draw(draws);

    /// <summary>Examples of a stream of the task's own.</summary>
    /// <param name="part">The part, in the stream's name.</param>
    /// <param name="count">How many, or null for no end.</param>
    /// <param name="refused">Inputs that it is not to have.</param>
    protected DrawnExamples Part(string part, long? count, Lazy<HashSet<string>>? refused = null)
        => new(new RandomStream(_values.Seed, $"task/{_name}/{part}"), draws => Draw(draws, part), count, refused);
}
