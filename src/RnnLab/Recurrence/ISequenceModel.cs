namespace RnnLab.Recurrence;

/// <summary>A model that truncated back-propagation through time can train: it runs windows of a stream and goes back through them.</summary>
public interface ISequenceModel
{
    /// <summary>A state of zeros for a batch of B.</summary>
    RecurrentState ZeroState(long batch);

    /// <summary>Runs a window.</summary>
    /// <param name="inputs">(T, B, …).</param>
    /// <param name="s0">The state before it.</param>
    /// <param name="firstStep">The number of its first time step in the stream.</param>
    IWindow Forward(Tensor inputs, RecurrentState s0, long firstStep);
}

/// <summary>A window that has been run forward and waits for its backward.</summary>
public interface IWindow : IDisposable
{
    /// <summary>The loss over the window's last steps, as many as there are targets; 0 dimensions.</summary>
    /// <param name="targets">(T', B, …), T' at most T.</param>
    Tensor Loss(Tensor targets);

    /// <summary>Adds the gradient of <see cref="Loss"/> for every parameter, through all steps of the window; once.</summary>
    void Backward();

    /// <summary>The state before step t, 0 ≤ t ≤ T, as a copy; not after <see cref="Backward"/>.</summary>
    RecurrentState StateBefore(int t);
}
