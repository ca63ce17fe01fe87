using RnnLab.Kernels.Threads;

namespace RnnLab.Recurrence.Kernels;

/// <summary>
/// How a layer's rows and units are divided among threads. Rows of a batch never meet in the recurrence, so threads that take
/// different rows run all T steps without waiting for each other; threads that share rows, each with some of the units, meet once a step.
/// So rows are divided first, down to four each, the fewest that the product multiplies with eight sums at once; units only where threads are left.
/// </summary>
/// <param name="Rows">Groups of rows.</param>
/// <param name="Units">Groups of units.</param>
internal readonly record struct WorkerGrid(int Rows, int Units)
{
    private const int FewestRows = 4;

    // Multiply-adds that a thread should have between two meetings, so that these are a small part of its time.
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

    /// <summary>What thread <paramref name="worker"/> of <paramref name="threads"/> takes: a part of its own, or, where one thread is alone, each group of rows in turn.</summary>
    public IEnumerable<WorkerPart> PartsOf(int worker, int threads)
    {
        if (threads >= Workers)
            return worker < Workers ? [new(worker / Units, Rows, worker % Units, Units)] : [];
        var rows = Rows;
        return Enumerable.Range(0, rows).Where(row => row % threads == worker).Select(row => new WorkerPart(row, rows, 0, 1));
    }
}

/// <summary>The part of the work that one thread takes.</summary>
/// <param name="Row">Its group of rows.</param>
/// <param name="Rows">How many groups there are.</param>
/// <param name="Unit">Its part of the units.</param>
/// <param name="Units">How many such parts there are.</param>
internal readonly record struct WorkerPart(int Row, int Rows, int Unit, int Units)
{
    /// <summary>Its part of <paramref name="count"/> things that go with units, as [From, To).</summary>
    public (int From, int To) UnitsOf(int count) => Job.Share(count, Unit, Units);

    /// <summary>Waits for those who share its rows.</summary>
    public void Meet(SpinBarrier barrier)
    {
        if (Units > 1)
            barrier.Wait();
    }
}
