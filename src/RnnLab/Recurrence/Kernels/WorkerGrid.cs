using RnnLab.Kernels.Threads;

namespace RnnLab.Recurrence.Kernels;

/// <summary>
/// How a layer's rows and units are divided among threads. Rows of a batch never meet in the recurrence, so threads that take
/// different rows run all T steps without waiting for each other; threads that share rows, each with some of the units, meet once a step.
/// So rows are divided first, down to four each, which is what the product needs to run at full speed; units only where threads are left.
/// </summary>
/// <param name="Rows">Groups of rows.</param>
/// <param name="Units">Groups of units.</param>
internal readonly record struct WorkerGrid(int Rows, int Units)
{
    private const int FewestRows = 4;

    // Meeting costs about half a microsecond a step: a thread must have several times that to do, 1e5 multiply-adds.
    private const double FewestTerms = 1e5;

    /// <summary>Threads that take part.</summary>
    public int Workers => Rows * Units;

    /// <summary>The grid for a call.</summary>
    /// <param name="threads">Threads at hand.</param>
    /// <param name="T">Steps.</param>
    /// <param name="B">Rows of a step.</param>
    /// <param name="unitGroups">Parts that the units can be divided into.</param>
    /// <param name="termsPerStep">Multiply-adds of the recurrent product of a step.</param>
    public static WorkerGrid For(int threads, int T, int B, int unitGroups, double termsPerStep)
    {
        if (termsPerStep * T < 4 * FewestTerms)
            return new(1, 1);
        var rows = Math.Clamp(B / FewestRows, 1, threads);
        var units = (int)Math.Clamp(termsPerStep / rows / FewestTerms, 1, Math.Min(threads / rows, unitGroups));
        return new(rows, units);
    }

    /// <summary>The rows of a worker's group, as [From, To).</summary>
    public (int From, int To) RowsOf(int worker, int B) => Job.Share(B, worker / Units, Rows);

    /// <summary>A worker's part of <paramref name="count"/> things that its group divides among itself, as [From, To).</summary>
    public (int From, int To) PartOf(int worker, int count) => Job.Share(count, worker % Units, Units);
}
