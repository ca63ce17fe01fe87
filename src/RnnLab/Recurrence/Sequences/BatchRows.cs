namespace RnnLab.Recurrence.Sequences;

/// <summary>
/// Between a batch as callers have it, (T, B, ·) in their order, and the rows that the passes run over, (N, ·) step after step.
/// Sequences of one length are rows already; unequal ones are packed, or, with a mask, taken as they are.
/// </summary>
internal sealed class BatchRows
{
    private readonly SequenceLengths? _lengths;

    private BatchRows(StepRows steps, long paddedSteps, SequenceLengths? lengths) => (Steps, PaddedSteps, _lengths) = (steps, paddedSteps, lengths);

    /// <summary>The rows.</summary>
    public StepRows Steps { get; }

    /// <summary>Steps of the padded batch.</summary>
    public long PaddedSteps { get; }

    /// <summary>Whether they are sequences of one length, without padding.</summary>
    public bool IsPlain => _lengths is null;

    /// <summary>Whether a mask carries states through padding.</summary>
    public bool IsMasked => _lengths is { Form: PaddingForm.Masked };

    /// <summary>Whether rows are in another order than the batch's.</summary>
    private bool IsPacked => _lengths is { Form: PaddingForm.Packed };

    /// <summary>The rows of a batch (T, B, ·).</summary>
    /// <exception cref="ArgumentException">The lengths do not fit it.</exception>
    public static BatchRows Of(Tensor x, SequenceLengths? lengths)
    {
        var (T, B) = (x.shape[0], x.shape[1]);
        lengths?.RequireFit(T, B);
        return lengths is { Form: PaddingForm.Packed }
            ? new(lengths.Steps, T, lengths)
            : new(StepRows.Uniform((int)T, (int)B), T, lengths);
    }

    /// <summary>The rows of B sequences of T steps.</summary>
    public static BatchRows Uniform(int T, int B) => new(StepRows.Uniform(T, B), T, null);

    /// <summary>The rows (N, ·) of a padded batch (T, B, ·).</summary>
    public Tensor ToRows(Tensor padded)
    {
        // Padding may hold anything, NaN too, which no product with 0 would stop.
        var rows = (IsMasked ? WithoutPadding(padded) : padded).reshape(-1, padded.shape[2]);
        return IsPacked ? rows.index_select(0, _lengths!.PaddedRows(padded.device)) : rows;
    }

    /// <summary>The padded batch (T, B, ·) of rows (N, ·), with 0 for padding.</summary>
    public Tensor ToPadded(Tensor rows)
    {
        var width = rows.shape[1];
        if (IsPacked)
            rows = zeros([PaddedSteps * Steps.B, width], rows.dtype, rows.device).index_copy_(0, _lengths!.PaddedRows(rows.device), rows);
        var padded = rows.view(PaddedSteps, Steps.B, width);
        return IsMasked ? WithoutPadding(padded) : padded;
    }

    /// <summary>Rows of a batch (B, ·), such as a state, in the rows' order.</summary>
    public Tensor ToRowOrder(Tensor batch) => IsPacked ? batch.index_select(0, _lengths!.Order(batch.device)) : batch;

    /// <summary>The same back in the batch's order.</summary>
    public Tensor ToBatchOrder(Tensor ordered) => IsPacked ? ordered.index_select(0, _lengths!.Places(ordered.device)) : ordered;

    /// <summary>The rows of every sequence from its last step to its first; twice gives the rows again.</summary>
    public Tensor Reverse(Tensor rows)
    {
        if (Steps.IsUniform)
            return rows.view(Steps.T, Steps.B, -1).flip(0).view(rows.shape);
        return rows.index_select(0, _lengths!.ReversedRows(rows.device));
    }

    /// <summary>With <see cref="IsMasked"/>: 1 where there is a step, 0 for padding, (T, B, 1) in the order of time.</summary>
    public Tensor Mask(ScalarType dtype, Device device) => _lengths!.Mask(PaddedSteps, dtype, device);

    private Tensor WithoutPadding(Tensor padded) => padded.masked_fill(_lengths!.Mask(PaddedSteps, ScalarType.Bool, padded.device).logical_not(), 0);
}
