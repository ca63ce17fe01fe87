namespace RnnLab.Recurrence;

/// <summary>
/// Truncated back-propagation through time, BPTT(k1, k2) (Williams and Peng 1990): every k1 steps of a stream the losses of those k1
/// steps go back through at most k2 steps. The k2 − k1 earlier steps are run again from the state saved before them, with the current
/// weights. The state itself is carried on without an end, unless it is reset.
/// <code>
/// stream   ──────────────┬───────────────┬────────────
///                        │ k2−k1 earlier │ k1 new
/// forward     from the saved state: ────────────────▶
/// losses                                 ▲ ▲ ▲ ▲ ▲ ▲
/// backward               ◀───────────────────────────
/// </code>
/// k1 = k2 is the common form; k1 = k2 = T over a sequence that starts from a reset state is full BPTT.
/// </summary>
public sealed class TruncatedBptt : IDisposable
{
    private readonly ISequenceModel _model;

    /// <summary>BPTT(k1, k2) over <paramref name="model"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">k1 is not positive or k2 is less than k1.</exception>
    public TruncatedBptt(ISequenceModel model, int k1, int k2)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k1);
        if (k2 < k1)
            throw new ArgumentOutOfRangeException(nameof(k2), k2, $"k2 must be at least k1 = {k1}");
        (_model, K1, K2) = (model, k1, k2);
    }

    /// <summary>Steps between updates.</summary>
    public int K1 { get; }

    /// <summary>Steps that a loss goes back through, at most.</summary>
    public int K2 { get; }

    /// <summary>What the next window starts with; null after a reset.</summary>
    public OpenWindow? Window { get; private set; }

    /// <summary>How many steps have been run; a reset does not turn it back, so that no two steps share a number (and a dropout mask).</summary>
    public long NextStep { get; private set; }

    /// <summary>Runs the next k1 steps (fewer at a stream's end) and adds the gradient of their loss.</summary>
    /// <param name="inputs">(k1, B, …).</param>
    /// <param name="targets">(k1, B, …).</param>
    /// <returns>The loss, 0 dimensions.</returns>
    /// <exception cref="ArgumentException">There are more than k1 steps, or the batch is not the window's.</exception>
    public Tensor Advance(Tensor inputs, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.shape[0] > K1)
            throw new ArgumentException($"{inputs.shape[0]} steps at once, k1 is {K1}", nameof(inputs));
        using var scope = NewDisposeScope();
        var start = Window ?? new OpenWindow(_model.ZeroState(inputs.shape[1]), null);
        var all = start.Earlier is { } earlier ? cat([earlier, inputs], 0) : inputs;
        var T = (int)all.shape[0];

        using var window = _model.Forward(all, start.State, NextStep - (T - inputs.shape[0]));
        var loss = window.Loss(targets);
        var kept = Math.Min(K2 - K1, T);
        var next = new OpenWindow(
            window.StateBefore(T - kept),
            kept == 0 ? null : all.narrow(0, T - kept, kept).clone().DetachFromDisposeScope());
        window.Backward();
        Open(next);
        NextStep += inputs.shape[0];
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>Starts over from zeros: the next window has no earlier steps.</summary>
    public void ResetState() => Open(null);

    /// <summary>Continues from <paramref name="state"/>, without earlier steps to go back through. The state is copied.</summary>
    public void SetState(RecurrentState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Open(new OpenWindow(state.Copy(), null));
    }

    /// <summary>Takes up what was saved; the window belongs to this object from then on.</summary>
    public void Restore(OpenWindow? window, long nextStep)
    {
        Open(window);
        NextStep = nextStep;
    }

    /// <summary>Frees the window.</summary>
    public void Dispose() => Open(null);

    private void Open(OpenWindow? window)
    {
        Window?.Dispose();
        Window = window;
    }
}

/// <summary>The stream's state between two updates: where the next window starts.</summary>
/// <param name="State">The state before the earlier steps, or before the next step where there are none.</param>
/// <param name="Earlier">Inputs of the at most k2 − k1 steps that are run again, or null.</param>
public sealed record OpenWindow(RecurrentState State, Tensor? Earlier) : IDisposable
{
    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        State.Dispose();
        Earlier?.Dispose();
    }
}
