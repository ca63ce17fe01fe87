namespace RnnLab.Recurrence.Kernels;

/// <summary>
/// Which columns of W_ih x or of W_hh h a panel holds. The gates of the same units stand together, so that φ can follow their products at once, while
/// they are in the nearest cache: a group is the fewest vectors of units (one or two) whose G gates fill whole panels.
/// </summary>
internal sealed class UnitGroups
{
    private readonly int _gates, _vectors;

    public UnitGroups(int gates, int vectors) => (_gates, _vectors) = (gates, vectors);

    /// <summary>Vectors of units in a group, but perhaps the last.</summary>
    public int VectorsEach => _gates % 2 == 0 ? 1 : 2;

    /// <summary>The number of groups.</summary>
    public int Count => (_vectors + VectorsEach - 1) / VectorsEach;

    /// <summary>The vectors of units of group <paramref name="g"/>, as [From, To).</summary>
    public (int From, int To) Vectors(int g) => (g * VectorsEach, Math.Min(_vectors, (g + 1) * VectorsEach));

    /// <summary>The panels of group <paramref name="g"/>, as [From, To).</summary>
    public (int From, int To) Panels(int g)
    {
        var each = _gates * VectorsEach / 2;
        var (from, to) = Vectors(g);
        return (g * each, g * each + ((to - from) * _gates + 1) / 2);
    }

    /// <summary>What each vector of each panel holds, in order: a vector of units and a gate.</summary>
    public IEnumerable<(int Vector, int Gate)> Columns()
    {
        for (var v = 0; v < _vectors; v++)
            for (var gate = 0; gate < _gates; gate++)
                yield return (v, gate);
    }
}
