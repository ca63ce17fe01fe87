namespace RnnLab.Kernels.Products;

/// <summary>The columns of panels whose vectors stand in a row as they come.</summary>
internal static class PanelColumns
{
    /// <summary>For <paramref name="width"/> columns: 0, v, 2v, …</summary>
    public static int[] Of(int width, int vector)
    {
        return [.. Enumerable.Range(0, (width + vector - 1) / vector).Select(v => v * vector)];
    }
}
