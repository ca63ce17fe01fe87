namespace RnnLab.Recurrence.Kernels;

/// <summary>Copies rows of a state between a tensor's memory, where they lie without gaps, and a pass's, where they are whole vectors.</summary>
internal static unsafe class StateRows
{
    /// <summary>From a tensor, the rest of each row 0.</summary>
    public static void Widen<T>(T* from, int width, T* to, int padded, int firstRow, int lastRow)
        where T : unmanaged
    {
        for (nint row = firstRow; row < lastRow; row++)
        {
            new Span<T>(from + row * width, width).CopyTo(new Span<T>(to + row * padded, width));
            new Span<T>(to + row * padded + width, padded - width).Clear();
        }
    }

    /// <summary>To a tensor.</summary>
    public static void Narrow<T>(T* from, int padded, T* to, int width, int firstRow, int lastRow)
        where T : unmanaged
    {
        for (nint row = firstRow; row < lastRow; row++)
            new Span<T>(from + row * padded, width).CopyTo(new Span<T>(to + row * width, width));
    }
}
