using RnnLab.Cells;

namespace RnnLab.Recurrence;

/// <summary>
/// The same recurrence with libtorch's autograd as its gradient engine: the forward loop of <see cref="RecurrentLayer"/> in an
/// autograd graph, over the same cells and weights. It is the independent check of the hand-written adjoints, and slower.
/// </summary>
public static class AutogradUnroll
{
    /// <summary>One layer over a sequence.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="x">Inputs, (T, B, I).</param>
    /// <param name="s0">s_0.</param>
    /// <returns>h_1 … h_T (T, B, H) and s_T, both in the graph.</returns>
    public static (Tensor Output, CellState State) Forward(RecurrentLayer layer, Tensor x, CellState s0)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(s0);
        using var scope = NewDisposeScope();
        var (T, B) = (x.shape[0], x.shape[1]);
        var W_hh = layer.Reference.Product();
        var a = layer.Reference.Project(x.reshape(T * B, layer.InputSize)).view(T, B, -1);
        var h = new Tensor[T];
        var s = s0;
        for (var t = 0; t < T; t++)
        {
            s = layer.Reference.StepForward(a.select(0, t), s, W_hh, tape: null);
            h[t] = s.H;
        }
        return (stack(h).MoveToOuterDisposeScope(), s.Map(own => own.alias().MoveToOuterDisposeScope()));
    }

    /// <summary>A stack over a sequence, with the dropout masks of the explicit engine when the stack is in training mode.</summary>
    /// <param name="rnn">The stack.</param>
    /// <param name="x">Inputs, (T, B, I).</param>
    /// <param name="s0">The layers' states before it.</param>
    /// <param name="firstStep">The number of the first time step, which the masks are a function of.</param>
    public static (Tensor Output, RecurrentState State) Forward(RecurrentStack rnn, Tensor x, RecurrentState s0, long firstStep = 0)
    {
        ArgumentNullException.ThrowIfNull(rnn);
        ArgumentNullException.ThrowIfNull(s0);
        using var scope = NewDisposeScope();
        var (y, states) = (x, new CellState[rnn.Layers.Count]);
        for (var k = 0; k < rnn.Layers.Count; k++)
        {
            if (rnn.DropoutMask(k, y, firstStep) is { } mask)
                y = y * mask;
            (y, states[k]) = Forward(rnn.Layers[k], y, s0.Layers[k]);
        }
        return (y.MoveToOuterDisposeScope(), new RecurrentState(states).Map(s => s.MoveToOuterDisposeScope()));
    }
}
