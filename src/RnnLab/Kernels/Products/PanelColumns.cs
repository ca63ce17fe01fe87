namespace RnnLab.Kernels.Products;

/// <summary>The columns of panels whose vectors stand in a row as they come.</summary>
internal static class PanelColumns
{
    /// <summary>For <paramref name="width"/> columns: 0, v, 2v, …, an even number of vectors.</summary>
    public static int[] Of(int width, int vector)
    {
        var vectors = (width + vector - 1) / vector;
        return [.. Enumerable.Range(0, vectors + vectors % 2).Select(v => v * vector)];
    }
}
