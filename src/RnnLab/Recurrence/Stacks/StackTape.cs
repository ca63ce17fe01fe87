using RnnLab.Recurrence.Sequences;

namespace RnnLab.Recurrence;

/// <summary>The tapes of a stack's layers and the dropout masks between them; used up by one backward, like a <see cref="Tape"/>.</summary>
/// <param name="memory">What each layer's tape keeps; <see cref="TapeMemory.Full"/> unless it is given.</param>
public sealed class StackTape(TapeMemory? memory = null) : IDisposable
{
    private readonly List<Tape> _layers = [];
    private readonly Dictionary<int, Tensor> _masks = [];

    /// <summary>The number of steps recorded.</summary>
    public int Length => _layers.Count == 0 ? 0 : _layers[0].Length;

    /// <summary>The most that the layers' tapes have held, each at its own worst moment, in bytes.</summary>
    public long PeakBytes => _layers.Sum(layer => layer.PeakBytes);

    /// <summary>The layers' states before step <paramref name="t"/>; t = <see cref="Length"/> gives those after the last. Copies.</summary>
    /// <exception cref="ArgumentOutOfRangeException">t is out of range.</exception>
    /// <exception cref="InvalidOperationException">The tape is empty or was used by a backward, or its sequences are of unequal lengths or some layer runs in reverse.</exception>
    public RecurrentState StateBefore(int t) => new([.. Recorded().Select(layer => layer.StateBefore(t))]);

    /// <summary>All states of every layer, s_0 … s_T, each (T + 1, B, H). Copies.</summary>
    /// <exception cref="InvalidOperationException">As for <see cref="StateBefore"/>.</exception>
    public RecurrentState States() => new([.. Recorded().Select(layer => layer.States())]);

    /// <summary>Frees all that the tape holds.</summary>
    public void Dispose()
    {
        foreach (var layer in _layers)
            layer.Dispose();
        foreach (var mask in _masks.Values)
            mask.Dispose();
        _masks.Clear();
    }

    /// <summary>The batch that was recorded.</summary>
    internal BatchRows Rows { get; private set; } = null!;

    /// <summary>Makes it the tape of a batch.</summary>
    /// <exception cref="ArgumentException">It is not empty.</exception>
    /// <exception cref="InvalidOperationException">It was used by a backward or disposed.</exception>
    internal void Start(BatchRows rows)
    {
        Layer(0).RequireUnspent();
        if (Length > 0)
            throw new ArgumentException("a sequence needs an empty tape");
        Rows = rows;
    }

    internal Tape Layer(int k)
    {
        while (_layers.Count <= k)
            _layers.Add(new Tape(memory));
        return _layers[k];
    }

    private List<Tape> Recorded()
    {
        Layer(0).RequireRecorded();
        return _layers;
    }

    internal void AddMask(int level, Tensor mask) => _masks[level] = mask.DetachFromDisposeScope();

    internal Tensor? Mask(int level) => _masks.GetValueOrDefault(level);
}
