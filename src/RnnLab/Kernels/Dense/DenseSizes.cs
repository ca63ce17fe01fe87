namespace RnnLab.Kernels.Dense;

/// <summary>The sizes of a linear map over rows.</summary>
/// <param name="N">Rows.</param>
/// <param name="I">Inputs.</param>
/// <param name="O">Outputs.</param>
internal readonly record struct DenseSizes(int N, int I, int O)
{
    // Below this many multiply-adds a thread, to meet costs more than it gains.
    private const double FewestTerms = 1e5;

    /// <summary>The groups of rows that <paramref name="threads"/> threads take.</summary>
    public int Groups(int threads) => (int)Math.Clamp((double)N * I * O / FewestTerms, 1, Math.Min(threads, Math.Max(1, N / 8)));
}
