namespace RnnLab.Plots;

/// <summary>A matrix cut into blocks, each with the mean of its finite values, so that the cells of a large one stay countable.</summary>
internal sealed class HeatMapBlocks
{
    private readonly int _rows;
    private readonly int _columns;

    private HeatMapBlocks(double[,] means, int rowsPerBlock, int columnsPerBlock, int rows, int columns)
    {
        (Means, RowsPerBlock, ColumnsPerBlock, _rows, _columns) = (means, rowsPerBlock, columnsPerBlock, rows, columns);
    }

    public double[,] Means { get; }

    public int RowsPerBlock { get; }

    public int ColumnsPerBlock { get; }

    public bool IsWhole => RowsPerBlock == 1 && ColumnsPerBlock == 1;

    public static HeatMapBlocks Of(double[,] values, int maxCells)
    {
        var (rows, columns) = (values.GetLength(0), values.GetLength(1));
        int rowsPerBlock = Math.Max(1, Ceiling(rows, maxCells)), columnsPerBlock = Math.Max(1, Ceiling(columns, maxCells));
        if (rowsPerBlock == 1 && columnsPerBlock == 1)
        {
            return new HeatMapBlocks(values, 1, 1, rows, columns);
        }
        var means = new double[Ceiling(rows, rowsPerBlock), Ceiling(columns, columnsPerBlock)];
        for (var row = 0; row < means.GetLength(0); row++)
        {
            for (var column = 0; column < means.GetLength(1); column++)
            {
                means[row, column] = Mean(values, row * rowsPerBlock, column * columnsPerBlock, rowsPerBlock, columnsPerBlock);
            }
        }
        return new HeatMapBlocks(means, rowsPerBlock, columnsPerBlock, rows, columns);
    }

    /// <summary>Where a row of blocks starts, between 0 and 1; the last block may be smaller than the others.</summary>
    public double RowStart(int block) => (double)Math.Min(block * RowsPerBlock, _rows) / _rows;

    public double ColumnStart(int block) => (double)Math.Min(block * ColumnsPerBlock, _columns) / _columns;

    private static double Mean(double[,] values, int firstRow, int firstColumn, int rows, int columns)
    {
        double mean = 0;
        var count = 0;
        for (var row = firstRow; row < Math.Min(firstRow + rows, values.GetLength(0)); row++)
        {
            for (var column = firstColumn; column < Math.Min(firstColumn + columns, values.GetLength(1)); column++)
            {
                if (double.IsFinite(values[row, column]))
                {
                    count++;
                    mean += (values[row, column] / count) - (mean / count);
                }
            }
        }
        return count == 0 ? double.NaN : mean;
    }

    private static int Ceiling(int count, int size) => (count + size - 1) / size;
}
