using RnnLab.Recurrence.Sequences;

namespace RnnLab.Layers;

/// <summary>Which vectors a model's head sees of a recurrence's outputs: one for each step, or one for each sequence. Padding has no effect, whatever it holds.</summary>
public abstract class Readout
{
    /// <summary>The output at each step.</summary>
    public static Readout EachStep { get; } = new ReadoutEachStep();

    /// <summary>The mean over a sequence's steps: r_b = Σ_t y_{t,b} / T_b.</summary>
    public static Readout Mean { get; } = new ReadoutMean();

    /// <summary>The maximum over a sequence's steps, unit by unit; the gradient goes to the step where it stands.</summary>
    public static Readout Maximum { get; } = new ReadoutMaximum();

    /// <summary>The output of each direction at the step at which it has seen the whole sequence: the last one, or the first of a direction that runs in reverse.</summary>
    /// <param name="parts">The directions of the output, column by column.</param>
    public static Readout Last(IReadOnlyList<ReadoutPart> parts) => new ReadoutLast(parts);

    /// <summary>The vectors.</summary>
    /// <param name="outputs">(T, B, O).</param>
    /// <param name="lengths">The sequences' lengths, or null where all have T steps.</param>
    /// <param name="saved">What <see cref="Backward"/> takes, if anything.</param>
    /// <returns>(N, O): N the steps of all sequences together, or the sequences.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public Tensor Forward(Tensor outputs, SequenceLengths? lengths, out Tensor? saved)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        if (outputs.shape is not [var T, var B, _])
            throw new ArgumentException($"outputs are ({string.Join(", ", outputs.shape)}), expected (T, B, O)", nameof(outputs));
        lengths?.RequireFit(T, B);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var rows = Rows(outputs, lengths, out saved).MoveToOuterDisposeScope();
        saved?.MoveToOuterDisposeScope();
        return rows;
    }

    /// <summary>∂L/∂outputs (T, B, O), 0 for padding.</summary>
    /// <param name="dRows">∂L/∂ of the vectors, (N, O).</param>
    /// <param name="saved">What the forward saved.</param>
    /// <param name="shape">(T, B, O).</param>
    /// <param name="lengths">The forward's.</param>
    public Tensor Backward(Tensor dRows, Tensor? saved, long[] shape, SequenceLengths? lengths)
    {
        ArgumentNullException.ThrowIfNull(dRows);
        ArgumentNullException.ThrowIfNull(shape);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        return Adjoint(dRows, saved, shape, lengths).MoveToOuterDisposeScope();
    }

    /// <summary>What belongs to each of the vectors, (N, ·) or (N), of targets (T, B, ·) or (B, ·), or of their weights.</summary>
    public virtual Tensor TargetRows(Tensor targets, SequenceLengths? lengths)
    {
        ArgumentNullException.ThrowIfNull(targets);
        return targets.alias();
    }

    /// <summary>The way back: rows (N, K) where their targets stand, (T, B, K), 0 for padding; (1, B, K) where there is one for each sequence.</summary>
    public virtual Tensor AtTargets(Tensor rows, long steps, long batch, SequenceLengths? lengths)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows.unsqueeze(0);
    }

    /// <summary><see cref="Forward"/>, in a dispose scope.</summary>
    private protected abstract Tensor Rows(Tensor outputs, SequenceLengths? lengths, out Tensor? saved);

    /// <summary><see cref="Backward"/>, in a dispose scope.</summary>
    private protected abstract Tensor Adjoint(Tensor dRows, Tensor? saved, long[] shape, SequenceLengths? lengths);

    /// <summary>Where there is padding, (T, B, 1), bool.</summary>
    private protected static Tensor Padding(SequenceLengths lengths, long steps, Device device) => lengths.Mask(steps, ScalarType.Bool, device).logical_not();
}
