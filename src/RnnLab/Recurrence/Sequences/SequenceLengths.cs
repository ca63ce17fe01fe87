namespace RnnLab.Recurrence.Sequences;

/// <summary>How a layer treats sequences of unequal lengths in one padded batch. Both give the same numbers.</summary>
public enum PaddingForm
{
    /// <summary>The steps beyond a sequence's end are left out: sorted by length, the batch shrinks from step to step. No work is done for padding.</summary>
    Packed,

    /// <summary>All steps are computed, and a mask carries the state of an ended sequence through, s_t = s_{t-1}, which stops the gradient as well. Nothing is sorted; in the readable form only.</summary>
    Masked,
}

/// <summary>
/// The lengths of a batch's sequences, in their order in the batch: sequence b has the steps 0 … length_b − 1, what comes after is padding. Outputs of padding are 0, it
/// gets no gradient, the final state of a sequence is that after its last step, and a layer that runs in reverse starts at that step.
/// </summary>
public sealed class SequenceLengths : IDisposable
{
    private readonly long[] _lengths;
    private readonly int[] _order;
    private readonly Dictionary<string, Tensor> _indices = [];
    private StepRows? _steps;

    private SequenceLengths(long[] lengths, PaddingForm form)
    {
        (_lengths, Form) = (lengths, form);
        // Stable, so that equal lengths stay in the batch's order.
        _order = [.. Enumerable.Range(0, lengths.Length).OrderByDescending(row => lengths[row])];
    }

    /// <summary>The number of sequences.</summary>
    public int Count => _lengths.Length;

    /// <summary>The lengths, in the batch's order.</summary>
    public IReadOnlyList<long> Values => _lengths;

    /// <summary>The greatest length.</summary>
    public long Longest => _lengths[_order[0]];

    /// <summary>How padding is treated.</summary>
    public PaddingForm Form { get; }

    /// <summary>The packed rows.</summary>
    internal StepRows Steps => _steps ??= StepRows.Of(BatchSizes());

    /// <summary>Lengths of a batch.</summary>
    /// <param name="lengths">One for each sequence, in the batch's order.</param>
    /// <param name="enforceSorted">Whether they must come longest first, as in PyTorch's pack_padded_sequence.</param>
    /// <param name="form">How padding is treated.</param>
    /// <exception cref="ArgumentException">There is no sequence, a length is not positive, or they are not sorted and must be.</exception>
    public static SequenceLengths Of(IReadOnlyList<long> lengths, bool enforceSorted = false, PaddingForm form = PaddingForm.Packed)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        if (lengths.Count == 0)
            throw new ArgumentException("there must be a sequence", nameof(lengths));
        for (var row = 0; row < lengths.Count; row++)
        {
            if (lengths[row] is < 1 or > int.MaxValue)
                throw new ArgumentException($"lengths[{row}] is {lengths[row]}, expected a positive number of steps", nameof(lengths));
            if (enforceSorted && row > 0 && lengths[row] > lengths[row - 1])
                throw new ArgumentException($"lengths[{row}] is {lengths[row]} after {lengths[row - 1]}: with enforceSorted the longest sequence comes first", nameof(lengths));
        }
        return new([.. lengths], form);
    }

    /// <summary>The batch's row that stands in each packed row, (B), int64.</summary>
    internal Tensor Order(Device device) => Index($"order {device}", device, () => [.. _order.Select(row => (long)row)]);

    /// <summary>The packed row of each of the batch's rows, (B), int64.</summary>
    internal Tensor Places(Device device) => Index($"places {device}", device, () =>
    {
        var places = new long[Count];
        for (var place = 0; place < Count; place++)
            places[_order[place]] = place;
        return places;
    });

    /// <summary>For each packed row (t, place) the row t·B + b of the padded batch (T·B), int64.</summary>
    internal Tensor PaddedRows(Device device) => Index($"padded {device}", device, () =>
    {
        var rows = new long[Steps.Count];
        for (var t = 0; t < Steps.T; t++)
            for (var place = 0; place < Steps.Active(t); place++)
                rows[Steps.Offset(t) + place] = (long)t * Count + _order[place];
        return rows;
    });

    /// <summary>For each packed row (t, place) the one with that sequence's step length − 1 − t, int64.</summary>
    internal Tensor ReversedRows(Device device) => Index($"reversed {device}", device, () =>
    {
        var rows = new long[Steps.Count];
        for (var place = 0; place < Count; place++)
            for (int t = 0, length = Steps.Length(place); t < length; t++)
                rows[Steps.Offset(t) + place] = Steps.Offset(length - 1 - t) + place;
        return rows;
    });

    /// <summary>1 where sequence b has a step t, else 0: (T, B, 1), of <paramref name="dtype"/>.</summary>
    internal Tensor Mask(long T, ScalarType dtype, Device device)
    {
        using var scope = NewDisposeScope();
        var lengths = Index($"lengths {device}", device, () => _lengths);
        return arange(T, ScalarType.Int64, device).unsqueeze(1).lt(lengths).to(dtype).unsqueeze(2).MoveToOuterDisposeScope();
    }

    /// <exception cref="ArgumentException">They are not those of a batch of B sequences of at most T steps.</exception>
    internal void RequireFit(long T, long B)
    {
        if (Count != B)
            throw new ArgumentException($"{Count} lengths for a batch of {B}");
        if (Longest > T)
            throw new ArgumentException($"lengths[{_order[0]}] is {Longest}, longer than the batch's {T} steps");
    }

    /// <summary>Frees the indices; they are made again where they are asked for.</summary>
    public void Dispose()
    {
        foreach (var index in _indices.Values)
            index.Dispose();
        _indices.Clear();
    }

    /// <summary>How many sequences have each step.</summary>
    private long[] BatchSizes()
    {
        var sizes = new long[Longest];
        var place = Count - 1;
        for (var t = 0; t < sizes.Length; t++)
        {
            while (_lengths[_order[place]] <= t)
                place--;
            sizes[t] = place + 1;
        }
        return sizes;
    }

    // Kept, so that a batch's indices go to a device once, however many layers use them.
    private Tensor Index(string name, Device device, Func<long[]> values)
    {
        if (_indices.TryGetValue(name, out var index))
            return index;
        using var scope = NewDisposeScope();
        return _indices[name] = tensor(values()).to(device).DetachFromDisposeScope();
    }
}
