using RnnLab.Cells;
using RnnLab.Recurrence.Passes;

namespace RnnLab.Recurrence;

/// <summary>
/// The adjoint of single steps, for decoders whose gradient of x_t is needed before step t − 1 is gone back: call
/// <see cref="Step"/> once for each recorded step, from the last to the first, then <see cref="Finish"/>.
/// </summary>
public sealed class StepwiseBackward : IDisposable
{
    private readonly RecurrentLayer _layer;
    private readonly Tape _tape;
    private readonly ReferenceStep _step;
    private readonly StepGradient[] _gradients;
    private readonly DisposeScopeHolder _kept = new();
    private int _next;

    internal StepwiseBackward(RecurrentLayer layer, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(tape);
        tape.RequireRecorded();
        tape.RequireLayer(layer);
        if (!tape.HasSingleSteps)
            throw new InvalidOperationException("this tape holds a whole sequence, not single steps: go back with Backward, or run the forward with Kernel.Reference");
        (_layer, _tape, _step, _gradients, _next) = (layer, tape, new ReferenceStep(layer.Cell, layer.Parameters), new StepGradient[tape.Length], tape.Length - 1);
    }

    /// <summary>Goes back through the latest step not yet gone back through.</summary>
    /// <param name="ds">∂L/∂s_t: all of it, the way through step t + 1 included.</param>
    /// <returns>∂L/∂x_t (B, I) and ∂L/∂s_{t-1}.</returns>
    /// <exception cref="InvalidOperationException">All steps are done, or the tape was used up in between.</exception>
    /// <exception cref="ArgumentException">A shape, dtype or device of ∂L/∂s_t does not fit.</exception>
    public (Tensor Dx, CellState DsBefore) Step(CellState ds)
    {
        _tape.RequireUnspent();
        if (_next < 0)
            throw new InvalidOperationException("every step of the tape has been gone back through");
        _layer.RequireState(ds, _tape.Batch);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var g = _step.Backward(ds, _tape.Steps.Steps[_next], _step.Product(), dhBefore: null);
        _gradients[_next--] = g;
        _kept.Take(g);
        return (_step.InputGradient(g.Da).MoveToOuterDisposeScope(), g.DsBefore.Map(own => own.clone().MoveToOuterDisposeScope()));
    }

    /// <summary>Adds the gradients of all parameters and uses the tape up.</summary>
    /// <exception cref="InvalidOperationException">Steps are left.</exception>
    public void Finish()
    {
        _tape.RequireUnspent();
        if (_next >= 0)
            throw new InvalidOperationException($"{_next + 1} steps of the tape have not been gone back through");
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        _step.Accumulate(_tape.InputRows(), _tape.Steps.Steps, _gradients, _step.Product());
        _tape.Dispose();
        Dispose();
    }

    /// <summary>Frees what the steps kept.</summary>
    public void Dispose() => _kept.Dispose();

    /// <summary>Owns the tensors of the steps' gradients beyond the scope that they were made in.</summary>
    private sealed class DisposeScopeHolder : IDisposable
    {
        private readonly List<IDisposable> _owned = [];

        public void Take(StepGradient g)
        {
            foreach (var tensor in g.Tensors())
                _owned.Add(tensor.DetachFromDisposeScope());
        }

        public void Dispose()
        {
            foreach (var tensor in _owned)
                tensor.Dispose();
            _owned.Clear();
        }
    }
}
