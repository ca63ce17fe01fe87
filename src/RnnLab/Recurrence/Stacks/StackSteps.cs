using RnnLab.Recurrence.Sequences;

namespace RnnLab.Recurrence;

/// <summary>
/// A stack of one direction, step by step, for decoders whose next input depends on the last output. In training the masks are those of <see cref="RecurrentStack.Forward"/> over the
/// same steps. With a record, every <see cref="Step"/> is gone back through by a <see cref="StepBackward"/>, from the last to the first, then <see cref="Finish"/>.
/// </summary>
public sealed class StackSteps : IDisposable
{
    private readonly RecurrentStack _stack;
    private readonly LayerSteps[] _layers;
    private readonly List<Tensor>[] _masks;
    private readonly BatchRows _rows;
    private readonly bool _record, _training;
    private readonly long _firstStep;
    private readonly Func<int, Tensor, Tensor?> _mask;
    private readonly Func<int, Tensor, Tensor> _level;
    private int _taken, _left;
    private bool _spent;

    /// <exception cref="InvalidOperationException">The stack is bidirectional.</exception>
    /// <exception cref="ArgumentException">A state does not fit.</exception>
    internal StackSteps(RecurrentStack stack, RecurrentState s0, bool record, long firstStep, bool training)
    {
        stack.RequireState(s0);
        if (stack.Directions == 2)
            throw new InvalidOperationException("a bidirectional stack has no single step: its output at t depends on all inputs after t");
        var batch = s0.Layers[0].H.shape[0];
        for (var k = 0; k < s0.Layers.Count; k++)
            stack.Layers[k].RequireState(s0.Layers[k], batch);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        (_stack, _record, _firstStep, _training, _rows) = (stack, record, firstStep, training, BatchRows.Uniform(1, (int)batch));
        _layers = [.. stack.Layers.Zip(s0.Layers, (layer, s) => layer.BeginSteps(s, record, training, firstStep))];
        _masks = [.. _layers.Select(_ => new List<Tensor>())];
        (_mask, _level) = (DrawnMask, (k, u) => _layers[k].Step(u));
    }

    /// <summary>The layers' states after the latest step: views, this object's own.</summary>
    public RecurrentState State => new([.. _layers.Select(layer => layer.State)]);

    /// <summary>The output (B, O) of the next step, of input x (B, I).</summary>
    /// <exception cref="ArgumentException">The shape, dtype or device of x does not fit.</exception>
    /// <exception cref="InvalidOperationException">A backward has begun, or this is disposed.</exception>
    public Tensor Step(Tensor x)
    {
        RequireUnspent();
        if (_left < _taken)
            throw new InvalidOperationException("no further step can be taken once the backward has begun");
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        _stack.Layers[0].RequireInput(x, 2, "(B, I)");
        if (x.shape[0] != _rows.Steps.B)
            throw new ArgumentException($"input is of a batch of {x.shape[0]}, the states are of {_rows.Steps.B}", nameof(x));
        var y = _stack.ThroughLevels(x, _mask, _level);
        (_taken, _left) = (_taken + 1, _left + 1);
        // Without connections it is the top layer's state.
        return (ReferenceEquals(y, _layers[^1].State.H) ? y.clone() : y).MoveToOuterDisposeScope();
    }

    /// <summary>Goes back through the latest step not yet gone back through.</summary>
    /// <param name="dOutput">∂L/∂output (B, O).</param>
    /// <param name="dState">What reaches the states after this step otherwise than through its output and the next step: ∂L/∂ of the final states, at the last step. Null for none.</param>
    /// <returns>∂L/∂x (B, I).</returns>
    /// <exception cref="InvalidOperationException">Nothing was recorded, or no step is left.</exception>
    /// <exception cref="ArgumentException">A shape, dtype or device does not fit.</exception>
    public Tensor StepBackward(Tensor dOutput, RecurrentState? dState = null)
    {
        ArgumentNullException.ThrowIfNull(dOutput);
        RequireRecorded();
        if (_left == 0)
            throw new InvalidOperationException("every step has been gone back through");
        if (!dOutput.shape.SequenceEqual([_rows.Steps.B, _stack.OutputSize]))
            throw new ArgumentException($"dOutput is {RecurrentLayer.Shape(dOutput)}, the step gave ({_rows.Steps.B}, {_stack.OutputSize})", nameof(dOutput));
        _stack.Layers[0].RequireLike(dOutput, nameof(dOutput));
        if (dState is not null)
        {
            _stack.RequireState(dState);
            for (var k = 0; k < _layers.Length; k++)
                _stack.Layers[k].RequireState(dState.Layers[k], _rows.Steps.B);
        }
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        _left--;
        return _stack.BackThroughLevels(dOutput, RecordedMask, (k, dy) => _layers[k].StepBackward(dy, dState?.Layers[k]), wantDx: true)!.MoveToOuterDisposeScope();
    }

    /// <summary>Adds the gradients of all parameters, and gives ∂L/∂s_0 of every layer. All steps must have been gone back through. Uses the record up.</summary>
    /// <exception cref="InvalidOperationException">Nothing was recorded, or steps are left.</exception>
    public RecurrentState Finish()
    {
        RequireRecorded();
        if (_left > 0)
            throw new InvalidOperationException($"{_left} steps have not been gone back through");
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var ds0 = new RecurrentState([.. _layers.Select(layer => layer.Finish())]);
        Dispose();
        return ds0.Map(own => own.MoveToOuterDisposeScope());
    }

    /// <summary>Frees what it holds.</summary>
    public void Dispose()
    {
        _spent = true;
        foreach (var layer in _layers)
            layer.Dispose();
        foreach (var mask in _masks.SelectMany(level => level))
            mask.Dispose();
    }

    /// <summary>The dropout mask on level k's input y: step by step, or locked the first one; kept where it is needed again.</summary>
    private Tensor? DrawnMask(int k, Tensor y)
    {
        var (masks, locked) = (_masks[k], _stack.LockedDropout);
        if (locked && masks.Count > 0)
            return masks[0];
        var mask = _training ? _stack.DropoutMask(k, y, _rows, locked ? _firstStep : _firstStep + _taken) : null;
        if (mask is not null && (locked || _record))
            masks.Add(mask.DetachFromDisposeScope());
        return mask;
    }

    private Tensor? RecordedMask(int k) => _masks[k].Count == 0 ? null : _masks[k][_stack.LockedDropout ? 0 : _left];

    private void RequireUnspent()
    {
        if (_spent)
            throw new InvalidOperationException("these steps were used by a backward or disposed; begin new ones");
    }

    private void RequireRecorded()
    {
        RequireUnspent();
        if (!_record || _taken == 0)
            throw new InvalidOperationException(_record ? "no step has been taken yet" : "these steps were begun without a record");
    }
}
