using System.Runtime.InteropServices;

namespace RnnLab.Training;

/// <summary>What an update was made from.</summary>
/// <param name="Step">Its number, from 1.</param>
/// <param name="Loss">Mean loss of a target, before the update.</param>
/// <param name="GradNorm">Global gradient norm before clipping.</param>
public readonly record struct StepMeasure(long Step, double Loss, double GradNorm);

/// <summary>Losses and gradient norms that stay on their device until they are read, all in one copy: each copy to the host waits for all that the device has to do before it.</summary>
internal sealed class UnreadMeasures : IDisposable
{
    // Numbers of the host's and tensors alike are not to pile up where nobody reads.
    private const int Most = 1024;

    private readonly List<Tensor> _pairs = [];
    private long _first;

    /// <summary>Whether they should be read before another is added.</summary>
    public bool IsFull => _pairs.Count >= Most;

    /// <summary>Adds an update's, 0 dimensions and float64 each; the steps are added in order.</summary>
    public void Add(long step, Tensor loss, Tensor norm)
    {
        if (_pairs.Count == 0)
            _first = step;
        _pairs.Add(stack([loss, norm]).DetachFromDisposeScope());
    }

    /// <summary>All that were added since the last reading.</summary>
    public IReadOnlyList<StepMeasure> Read()
    {
        if (_pairs.Count == 0)
            return [];
        using var scope = NewDisposeScope();
        var read = stack(_pairs).cpu();
        var numbers = MemoryMarshal.Cast<byte, double>(read.bytes);
        var measures = new StepMeasure[_pairs.Count];
        for (var i = 0; i < measures.Length; i++)
            measures[i] = new(_first + i, numbers[2 * i], numbers[2 * i + 1]);
        Dispose();
        return measures;
    }

    /// <summary>Frees what was not read.</summary>
    public void Dispose()
    {
        foreach (var pair in _pairs)
            pair.Dispose();
        _pairs.Clear();
    }
}
