using RnnLab.Recurrence;

namespace RnnLab.Models;

/// <summary>
/// A recurrence over steps of which each may be fed what came of the output before it: x_t = input(t, h_{t−1}), s_t = stack(x_t, s_{t−1}). Recorded,
/// for one backward. Every step is kept whole, whatever memory a tape over known inputs may have.
/// </summary>
internal sealed class FeedbackLoop : IWindowTape
{
    private readonly StackSteps _steps;
    private readonly RecurrentState[] _states;

    /// <summary>Runs T steps.</summary>
    /// <param name="rnn">The recurrence, of one direction.</param>
    /// <param name="s0">s_0.</param>
    /// <param name="firstStep">The number of the first time step.</param>
    /// <param name="T">Steps.</param>
    /// <param name="input">x_t (B, I) from t and h_{t−1} (B, O), which is null for t = 0.</param>
    public FeedbackLoop(RecurrentStack rnn, RecurrentState s0, long firstStep, int T, Func<int, Tensor?, Tensor> input)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        _steps = rnn.BeginSteps(s0, record: true, firstStep);
        _states = new RecurrentState[T + 1];
        _states[0] = Shared(s0);
        var h = new Tensor[T];
        for (var t = 0; t < T; t++)
        {
            using var own = NewDisposeScope();
            h[t] = _steps.Step(input(t, t == 0 ? null : h[t - 1])).MoveToOuterDisposeScope();
            _states[t + 1] = Shared(_steps.State);
        }
        Outputs = stack(h).DetachFromDisposeScope();
    }

    /// <summary>h, (T, B, O).</summary>
    public Tensor Outputs { get; }

    /// <inheritdoc/>
    public RecurrentState StateBefore(int t)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(t);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(t, _states.Length);
        return _states[t].Copy();
    }

    /// <inheritdoc/>
    public Tensor? Backward(Tensor dh, bool wantDx) => Backward(dh, wantDx, null);

    /// <summary>Adds the gradients of the recurrence's parameters, once.</summary>
    /// <param name="dh">∂L/∂h (T, B, O), but for what comes through fed-back outputs.</param>
    /// <param name="wantDx">Whether ∂L/∂x is asked for.</param>
    /// <param name="feedback">What reaches h_{t−1} through x_t, from t and ∂L/∂x_t, for t ≥ 1; null for none, as where what is fed back is a constant.</param>
    /// <returns>∂L/∂x (T, B, I), or null.</returns>
    public Tensor? Backward(Tensor dh, bool wantDx, Func<int, Tensor, Tensor?>? feedback)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var dx = new Tensor[dh.shape[0]];
        Tensor? fed = null;
        for (var t = dx.Length - 1; t >= 0; t--)
        {
            using var own = NewDisposeScope();
            var direct = dh.select(0, t);
            dx[t] = _steps.StepBackward(fed is null ? direct : direct + fed);
            fed = t > 0 ? feedback?.Invoke(t, dx[t])?.MoveToOuterDisposeScope() : null;
            if (wantDx)
                dx[t].MoveToOuterDisposeScope();
        }
        _steps.Finish();
        return wantDx ? stack(dx).MoveToOuterDisposeScope() : null;
    }

    /// <summary>Frees what it holds.</summary>
    public void Dispose()
    {
        _steps.Dispose();
        Outputs.Dispose();
        foreach (var state in _states)
            state.Dispose();
    }

    private static RecurrentState Shared(RecurrentState state) => new([.. state.Layers.Select(s => s.Share())]);
}
