namespace RnnLab.Recurrence;

/// <summary>The tapes of a stack's layers and the dropout masks between them; used up by one backward, like a <see cref="Tape"/>.</summary>
public sealed class StackTape : IDisposable
{
    private readonly List<Tape> _layers = [];
    private readonly Dictionary<int, Tensor> _masks = [];

    /// <summary>The number of steps recorded.</summary>
    public int Length => _layers.Count == 0 ? 0 : _layers[0].Length;

    /// <summary>The layers' states before step <paramref name="t"/>; t = <see cref="Length"/> gives those after the last. Copies.</summary>
    /// <exception cref="ArgumentOutOfRangeException">t is out of range.</exception>
    /// <exception cref="InvalidOperationException">The tape is empty or was used by a backward.</exception>
    public RecurrentState StateBefore(int t) => new([.. _layers.Select(layer => layer.StateBefore(t))]);

    /// <summary>Frees all that the tape holds.</summary>
    public void Dispose()
    {
        foreach (var layer in _layers)
            layer.Dispose();
        foreach (var mask in _masks.Values)
            mask.Dispose();
        _masks.Clear();
    }

    internal Tape Layer(int k)
    {
        while (_layers.Count <= k)
            _layers.Add(new Tape());
        return _layers[k];
    }

    internal void AddMask(int layer, Tensor mask) => _masks[layer] = mask.DetachFromDisposeScope();

    internal Tensor? Mask(int layer) => _masks.GetValueOrDefault(layer);
}
