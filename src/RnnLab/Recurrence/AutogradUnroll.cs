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
        using var lengths = options.Lengths is { } given ? SequenceLengths.Of(given.Values, form: PaddingForm.Masked) : null;
        var rows = BatchRows.Of(x, lengths);
        var steps = rows.Steps;
        var dropped = layer.WeightMask(options.Training, options.FirstStep) is { } mask ? layer.Parameters.WeightHh * mask : null;
        var step = new ReferenceStep(layer.Cell, layer.Parameters, dropped);
        var W_hh = step.Product();
        var inputs = rows.ToRows(x);
        var a = step.Project(layer.Reverse ? rows.Reverse(inputs) : inputs).view(steps.T, steps.B, -1);
        using var drawn = layer.Masks(rows, options.Training, options.FirstStep);
        var masks = drawn.Of(0, steps.T);
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

    /// <summary>A stack over sequences, with the masks of the explicit engine when the stack is in training mode.</summary>
    /// <param name="rnn">The stack.</param>
    /// <param name="x">Inputs, (T, B, I).</param>
    /// <param name="s0">The layers' states before it.</param>
    /// <param name="options">Lengths and the number of the first time step.</param>
    public static (Tensor Output, RecurrentState State) Forward(RecurrentStack rnn, Tensor x, RecurrentState s0, SequenceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rnn);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(s0);
        using var scope = NewDisposeScope();
        options = (options ?? SequenceOptions.Default) with { Training = rnn.training };
        var padded = BatchRows.Of(x, null);
        var states = new CellState[rnn.Layers.Count];
        var y = new Tensor[rnn.Levels];
        for (var k = 0; k < rnn.Levels; k++)
        {
            var u = k == 0 ? x : y[k - 1];
            if (rnn.DropoutMask(k, u, padded, options.FirstStep) is { } mask)
                u *= mask.view(u.shape);
            if (k > 0)
                u = rnn.Input(u, x);
            var h = new Tensor[rnn.Directions];
            for (var d = 0; d < h.Length; d++)
            {
                var layer = k * rnn.Directions + d;
                (h[d], states[layer]) = Forward(rnn.Layers[layer], u, s0.Layers[layer], options);
            }
            y[k] = rnn.Output(k, RecurrentStack.Joined(h), k == 0 ? null : y[k - 1]);
        }
        return (rnn.Whole(y).alias().MoveToOuterDisposeScope(), new RecurrentState(states).Map(s => s.MoveToOuterDisposeScope()));
    }
}
