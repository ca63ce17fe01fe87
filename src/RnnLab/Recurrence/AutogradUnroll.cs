using RnnLab.Cells;
using RnnLab.Recurrence.Passes;
using RnnLab.Recurrence.Sequences;

namespace RnnLab.Recurrence;

/// <summary>
/// The same recurrence with libtorch's autograd as its gradient engine: the forward loop of <see cref="RecurrentLayer"/> in an
/// autograd graph, over the same cells and weights. It is the independent check of the hand-written adjoints, and slower.
/// </summary>
public static class AutogradUnroll
{
    /// <summary>One layer over a sequence, with the masks of the explicit engine.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="x">Inputs, (T, B, I).</param>
    /// <param name="s0">s_0.</param>
    /// <param name="options">Lengths, and what masks depend on.</param>
    /// <returns>The outputs (T, B, H) and the final states, both in the graph.</returns>
    public static (Tensor Output, CellState State) Forward(RecurrentLayer layer, Tensor x, CellState s0, SequenceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(s0);
        using var scope = NewDisposeScope();
        options ??= SequenceOptions.Default;
        // Every step is taken, whatever the lengths' form: the mask is the simpler of the two, and the other is held to it.
        var lengths = options.Lengths is { } given ? SequenceLengths.Of(given.Values, form: PaddingForm.Masked) : null;
        var rows = BatchRows.Of(x, lengths);
        var steps = rows.Steps;
        var dropped = layer.WeightMask(options.Training, options.FirstStep) is { } mask ? layer.Parameters.WeightHh * mask : null;
        var step = new ReferenceStep(layer.Cell, layer.Parameters, dropped);
        var W_hh = step.Product();
        var inputs = rows.ToRows(x);
        var a = step.Project(layer.Reverse ? rows.Reverse(inputs) : inputs).view(steps.T, steps.B, -1);
        var masks = layer.Masks(rows, options.Training, options.FirstStep).Of(0, steps.T);
        var h = new Tensor[steps.T];
        var s = s0;
        for (var t = 0; t < h.Length; t++)
        {
            s = step.Forward(a.select(0, t), s, W_hh, masks[t], record: null);
            h[t] = s.H;
        }
        var y = cat(h, 0);
        return (rows.ToPadded(layer.Reverse ? rows.Reverse(y) : y).MoveToOuterDisposeScope(), s.Map(own => own.alias().MoveToOuterDisposeScope()));
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
