using RnnLab.Layers;
using RnnLab.Recurrence;
using RnnLab.Tasks;

namespace RnnLab.Models;

/// <summary>
/// A model with a target at each step or one for the whole sequence: input → core → readout → linear → loss. Tokens become vectors by an embedding or one-hot, real
/// vectors and bits are taken as they are; the core is a recurrence or a feedforward net; the loss is the target's: softmax and cross-entropy, squared error, or the
/// cross-entropy of bits.
/// Every backward pass is by hand.
/// </summary>
public sealed class SequenceModel : BatchModel, IForecaster
{
    /// <summary>A model of the given parts.</summary>
    /// <param name="shape">The examples that it is for.</param>
    /// <param name="input">Tokens to vectors; null where the input is not of tokens.</param>
    /// <param name="core">Vectors to outputs.</param>
    /// <param name="readout">Which outputs the head sees: <see cref="Readout.EachStep"/> where there is a target at each.</param>
    /// <param name="head">Outputs to logits or numbers.</param>
    /// <exception cref="ArgumentException">The parts do not fit each other or the shape, or the core sees the very values that are asked for.</exception>
    public SequenceModel(TaskShape shape, TokenInput? input, SequenceCore core, Readout readout, Linear head) : base("sequence_model", shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(core);
        ArgumentNullException.ThrowIfNull(readout);
        ArgumentNullException.ThrowIfNull(head);
        SequenceForm.Require(shape, input is not null, readout, core.SeesLaterInputs);
        var width = input?.Width ?? shape.Input.Size;
        if (width != core.InputSize || core.OutputSize != head.Weight.shape[1] || head.Weight.shape[0] != shape.Target.Size)
            throw new ArgumentException(
                $"widths do not fit: input {width} → core {core.InputSize}, {core.OutputSize} → linear {head.Weight.shape[1]}, "
                + $"{head.Weight.shape[0]} → target {shape.Target.Size}");
        (Input, Core, Readout, Head, OutputLoss) = (input, core, readout, head, LossOf(shape.Target.Kind));
        if (input is not null)
            register_module(input.GetName(), input);
        register_module(core.Name, core.Module);
        register_module("linear", head);
    }

    /// <summary>Tokens to vectors; null where the input is not of tokens.</summary>
    public TokenInput? Input { get; }

    /// <summary>Vectors to outputs.</summary>
    public SequenceCore Core { get; }

    /// <summary>Which outputs the head sees.</summary>
    public Readout Readout { get; }

    /// <summary>Outputs to logits or numbers.</summary>
    public Linear Head { get; }

    /// <summary>What they are measured by.</summary>
    public OutputLoss OutputLoss { get; }

    /// <summary>A new model.</summary>
    /// <param name="shape">The examples that it is for.</param>
    /// <param name="settings">What it is made of.</param>
    /// <param name="seed">The experiment's seed, of the parameters and the masks.</param>
    /// <param name="dtype">float32 or float64.</param>
    /// <param name="device">Where the parameters live.</param>
    /// <exception cref="ArgumentException">Settings do not fit each other or the shape; the message begins with the setting as configs name it.</exception>
    public static SequenceModel Create(TaskShape shape, SequenceModelSettings settings, ulong seed, ScalarType dtype, Device device)
        => SequenceModelParts.Model(shape, settings, seed, dtype, device);

    /// <inheritdoc/>
    public override long StepsOf(SequenceBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return batch.Steps;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The batch is of another form, or is to be fed with outputs that are no inputs.</exception>
    public override IBatchPass Forward(SequenceBatch batch, PassOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        SequenceForm.Require(batch, Shape, Head.Weight.dtype);
        return options.Forcing is { IsAlways: false } ? ForwardForced(batch, options) : Run(batch, options.FirstStep, record: true);
    }

    /// <inheritdoc/>
    public override BatchResult Evaluate(SequenceBatch batch)
    {
        SequenceForm.Require(batch, Shape, Head.Weight.dtype);
        using var scope = NewDisposeScope();
        using var pass = Run(batch, 0, record: false);
        var outputs = Readout.AtTargets(pass.Outputs, batch.Steps, batch.Size, batch.Lengths);
        return new(pass.Losses.to(ScalarType.Float64).sum().item<double>(), batch.Scored, Answers.Of(outputs, batch, Shape));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The history is not (T, B, I), or the horizon not positive.</exception>
    public Tensor Continue(Tensor history, int horizon)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(horizon);
        if (Misfit() is { } reason)
            throw new InvalidOperationException($"the model cannot go on by itself: {reason}");
        using var scope = NewDisposeScope();
        using var steps = Core.Continue(history);
        var said = new Tensor[horizon];
        for (var t = 0; t < horizon; t++)
        {
            if (t > 0)
                steps.Step(said[t - 1]);
            said[t] = Head.Forward(steps.Output);
        }
        return stack(said).MoveToOuterDisposeScope();
    }

    /// <summary>The loss of what a target can be.</summary>
    public static OutputLoss LossOf(ValueKind kind) => kind switch
    {
        ValueKind.Tokens => OutputLoss.CrossEntropy,
        ValueKind.Reals => OutputLoss.SquaredError,
        _ => OutputLoss.BinaryCrossEntropy,
    };

    private SequencePass Run(SequenceBatch batch, long firstStep, bool record)
    {
        using var scope = NewDisposeScope();
        var x = Input?.Forward(batch.Inputs) ?? batch.Inputs;
        return new(this, batch, Core.Run(x, new SequenceOptions { Lengths = batch.Lengths, FirstStep = firstStep }, record));
    }

    /// <summary>A pass in which steps may be fed the model's own output of the step before: see <see cref="SelfFeeding"/>.</summary>
    private IBatchPass ForwardForced(SequenceBatch batch, PassOptions options)
    {
        if (Misfit() is { } reason)
            throw new ArgumentException($"forcing: the model cannot be fed its own outputs: {reason}");
        return Core is RecurrentCore recurrent
            ? SelfFeeding.Forward(recurrent.Rnn, Head, batch, options.Forcing!, options.FirstStep)
            : throw new ArgumentException("forcing: a feedforward model, or one without shared weights, is trained on the truth alone; expected a recurrent one");
    }

    /// <summary>Why an output is no next input, or null where it is.</summary>
    private string? Misfit()
        => !Shape.IsAutoregressive || Shape.Place != TargetPlace.EachStep ? "the task's targets are not its next inputs"
        : Shape.Input.Kind != ValueKind.Reals || Shape.Target != Shape.Input
            ? $"it takes {Shape.Input.Size} {Shape.Input.Kind} and gives {Shape.Target.Size} {Shape.Target.Kind}; expected real vectors of one size"
        : null;
}
