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
    private readonly StepViews _views;
    private readonly StepGradients _steps;

    internal StepwiseBackward(RecurrentLayer layer, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(tape);
        tape.RequireRecorded();
        tape.RequireLayer(layer);
        if (!tape.HasSingleSteps)
            throw new InvalidOperationException("this tape holds a whole sequence, not single steps: go back with Backward, or run the forward with Kernel.Reference");
        using var no_grad = torch.no_grad();
        (_layer, _tape, _step) = (layer, tape, new ReferenceStep(layer.Cell, layer.Parameters));
        _views = new(_step);
        _steps = new(_step, _views.Product, tape.Steps.Steps);
    }

    /// <summary>Goes back through the latest step not yet gone back through.</summary>
    /// <param name="ds">∂L/∂s_t: all of it, the way through step t + 1 included.</param>
    /// <returns>∂L/∂x_t (B, I) and ∂L/∂s_{t-1}.</returns>
    /// <exception cref="InvalidOperationException">All steps are done, or the tape was used up in between.</exception>
    /// <exception cref="ArgumentException">A shape, dtype or device of ∂L/∂s_t does not fit.</exception>
    public (Tensor Dx, CellState DsBefore) Step(CellState ds)
    {
        _tape.RequireUnspent();
        _steps.RequireLeft();
        _layer.RequireState(ds, _tape.Batch);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var g = _steps.Back(ds);
        return (_step.InputGradient(g.Da).MoveToOuterDisposeScope(), g.DsBefore.Map(own => own.clone().MoveToOuterDisposeScope()));
    }

    /// <summary>Adds the gradients of all parameters and uses the tape up.</summary>
    /// <exception cref="InvalidOperationException">Steps are left.</exception>
    public void Finish()
    {
        _tape.RequireUnspent();
        _steps.RequireDone();
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        _steps.Accumulate(_tape.InputRows());
        _tape.Dispose();
        Dispose();
    }

    /// <summary>Frees what the steps kept.</summary>
    public void Dispose()
    {
        _steps.Dispose();
        _views.Dispose();
    }
}
