namespace RnnLab.Layers;

/// <summary>Checks of arguments that several layers share.</summary>
internal static class Check
{
    public static void Columns(Tensor x, long columns, string name)
    {
        ArgumentNullException.ThrowIfNull(x, name);
        if (x.shape is not [_, var width] || width != columns)
            throw new ArgumentException($"{name} is ({string.Join(", ", x.shape)}), expected (N, {columns})", name);
    }

    public static void Tokens(Tensor ids, string name)
    {
        ArgumentNullException.ThrowIfNull(ids, name);
        if (ids.dtype != ScalarType.Int64)
            throw new ArgumentException($"{name} holds {ids.dtype}, expected int64 indices", name);
    }
}
