namespace RnnLab.Training.Optimizers;

/// <summary>What an optimiser keeps for one parameter: a tensor in each of its slots, zeros of the parameter's shape at first use.</summary>
public sealed class OptimizerState
{
    private readonly Parameter _parameter;
    private readonly Tensor?[] _tensors;

    internal OptimizerState(Parameter parameter, int slots) => (_parameter, _tensors) = (parameter, new Tensor?[slots]);

    /// <summary>The tensor in a slot, the optimiser's own.</summary>
    public Tensor this[int slot] => _tensors[slot] ??= zeros(_parameter.shape, _parameter.dtype, _parameter.device).DetachFromDisposeScope();

    /// <summary>Whether a slot has been used.</summary>
    public bool Has(int slot) => _tensors[slot] is not null;

    /// <summary>Takes up a saved tensor, copied, in the parameter's dtype and on its device.</summary>
    internal void Restore(int slot, Tensor saved)
    {
        _tensors[slot]?.Dispose();
        using var scope = NewDisposeScope();
        _tensors[slot] = saved.to(_parameter.dtype).to(_parameter.device).contiguous().clone().DetachFromDisposeScope();
    }

    internal void Clear()
    {
        foreach (var tensor in _tensors)
            tensor?.Dispose();
        Array.Clear(_tensors);
    }
}
