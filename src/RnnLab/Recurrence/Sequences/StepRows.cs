using RnnLab.Kernels.Threads;

namespace RnnLab.Recurrence.Sequences;

/// <summary>
/// The rows of a batch of sequences, step after step: step t has rows [<see cref="Offset"/>(t), Offset(t + 1)). Longer sequences come first, so that the rows of a step
/// are the first ones of the step before it: a batch that shrinks.
/// </summary>
internal sealed class StepRows
{
    private readonly long[]? _offsets;

    private StepRows(int steps, int batch, long[]? offsets) => (T, B, _offsets) = (steps, batch, offsets);

    /// <summary>T, the longest sequence's steps.</summary>
    public int T { get; }

    /// <summary>B, the rows of the first step.</summary>
    public int B { get; }

    /// <summary>Rows of all steps together.</summary>
    public long Count => Offset(T);

    /// <summary>Whether all sequences are equally long.</summary>
    public bool IsUniform => _offsets is null;

    /// <summary>B sequences of T steps each.</summary>
    public static StepRows Uniform(int steps, int batch) => new(steps, batch, null);

    /// <summary>Sequences of which <paramref name="batchSizes"/>[t] have a step t; never more than at the step before.</summary>
    public static StepRows Of(IReadOnlyList<long> batchSizes)
    {
        if (batchSizes.All(rows => rows == batchSizes[0]))
            return Uniform(batchSizes.Count, (int)batchSizes[0]);
        var offsets = new long[batchSizes.Count + 1];
        for (var t = 0; t < batchSizes.Count; t++)
            offsets[t + 1] = offsets[t] + batchSizes[t];
        return new(batchSizes.Count, (int)batchSizes[0], offsets);
    }

    /// <summary>The first row of step t.</summary>
    public long Offset(int t) => _offsets is null ? (long)t * B : _offsets[t];

    /// <summary>Rows of step t: the sequences that are not over.</summary>
    public int Active(int t) => _offsets is null ? B : (int)(_offsets[t + 1] - _offsets[t]);

    /// <summary>The step, at most <paramref name="last"/>, until which all from <paramref name="first"/> on have equally many rows.</summary>
    public int RunEnd(int first, int last)
    {
        if (_offsets is null)
            return last;
        var t = first + 1;
        while (t < last && Active(t) == Active(first))
            t++;
        return t;
    }

    /// <summary>Steps of the sequence in row <paramref name="row"/>.</summary>
    public int Length(int row)
    {
        if (_offsets is null)
            return T;
        // The first step that has no such row.
        var (from, to) = (0, T);
        while (from < to)
        {
            var middle = (from + to) / 2;
            (from, to) = Active(middle) > row ? (middle + 1, to) : (from, middle);
        }
        return from;
    }

    /// <summary>Part <paramref name="part"/> of <paramref name="parts"/> of the batch's rows, as [From, To): parts of about as many steps each, and none without a row.</summary>
    public (int From, int To) Share(int part, int parts)
    {
        if (_offsets is null)
            return Job.Share(B, part, parts);
        return (Boundary(part), Boundary(part + 1));

        int Boundary(int k)
        {
            var (row, done) = (0, 0L);
            while (row < B && done * parts < Count * k)
                done += Length(row++);
            return Math.Clamp(row, k, B - parts + k);
        }
    }
}
