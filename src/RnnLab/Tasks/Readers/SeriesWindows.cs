namespace RnnLab.Tasks;

/// <summary>Windows over a series: at step t of the window that begins at row s, the input columns of row s + t and the target columns of row s + t + horizon.</summary>
/// <param name="rows">The series; a window's rows, and its targets', are all of it.</param>
/// <param name="inputs">The columns of inputs.</param>
/// <param name="targets">The columns of targets.</param>
/// <param name="window">Steps of a window.</param>
/// <param name="horizon">How many rows ahead targets are.</param>
/// <param name="stride">Rows from a window's begin to the next one's.</param>
internal sealed class SeriesWindows(IReadOnlyList<double[]> rows, int[] inputs, int[] targets, int window, int horizon, int stride) : IExamples
{
    /// <inheritdoc/>
    public long? Count => rows.Count < window + horizon ? 0 : (rows.Count - window - horizon) / stride + 1;

    /// <inheritdoc/>
    public Example this[long index] => new(Steps(index, inputs, 0), Steps(index, targets, horizon));

    /// <inheritdoc/>
    public int InputLength(long index) => window;

    /// <summary>The squared error of the forecast that repeats the target columns' present values: a step's mean over its columns, and the mean over all steps.</summary>
    public double Persistence() => Enumerable.Range(0, (int)Count!.Value).Average(i =>
    {
        var (now, later) = (Steps(i, targets, 0).Values, Steps(i, targets, horizon).Values);
        return now.Zip(later, (a, b) => (a - b) * (a - b)).Average();
    });

    private RealSteps Steps(long index, int[] columns, int ahead)
    {
        var first = checked((int)index) * stride + ahead;
        return new([.. Enumerable.Range(first, window).SelectMany(t => columns.Select(column => rows[t][column]))], columns.Length);
    }
}
