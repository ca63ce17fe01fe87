using RnnLab.Cells;

namespace RnnLab.Recurrence.Passes;

/// <summary>The adjoint of recorded steps, one after another from the last to the first, and what it leaves for the products over all of them.</summary>
/// <param name="step">The layer's step.</param>
/// <param name="W_hh">Its recurrent products.</param>
/// <param name="records">The steps.</param>
internal sealed class StepGradients(ReferenceStep step, RecurrentProduct W_hh, IReadOnlyList<StepRecord> records) : IDisposable
{
    private readonly StepGradient[] _gradients = new StepGradient[records.Count];
    private readonly List<Tensor> _owned = [];

    /// <summary>How many steps have not been gone back through.</summary>
    private int _left = records.Count;

    /// <exception cref="InvalidOperationException">No step is left.</exception>
    public void RequireLeft()
    {
        if (_left == 0)
            throw new InvalidOperationException("every step of the tape has been gone back through");
    }

    /// <exception cref="InvalidOperationException">Steps are left.</exception>
    public void RequireDone()
    {
        if (_left > 0)
            throw new InvalidOperationException($"{_left} steps of the tape have not been gone back through");
    }

    /// <summary>Goes back through the latest step left. ∂s_{t-1} is in the caller's dispose scope, what is needed later is not.</summary>
    /// <param name="ds">∂L/∂s_t, all of it.</param>
    public StepGradient Back(CellState ds)
    {
        var g = step.Backward(ds, records[--_left], W_hh, dhBefore: null);
        _gradients[_left] = g;
        foreach (var tensor in g.Lasting())
            _owned.Add(tensor.DetachFromDisposeScope());
        return g;
    }

    /// <summary>Adds the gradients of all parameters; x is the steps' inputs, rows (N, I).</summary>
    public void Accumulate(Tensor x) => step.Accumulate(x, records, _gradients, W_hh);

    public void Dispose()
    {
        foreach (var tensor in _owned)
            tensor.Dispose();
        _owned.Clear();
    }
}
