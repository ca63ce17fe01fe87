using RnnLab.Cells;

namespace RnnLab.Recurrence.Kernels;

/// <summary>
/// How a fused cell's tape row is laid out: <see cref="Count"/> slots of the units' numbers side by side. The forward pass turns
/// projections into activations in place, the adjoint turns those into the gradients of the projections.
/// The slots that the input feeds are neighbours, and so are those that the recurrent product feeds, so that each is one product.
/// </summary>
/// <param name="Count">Slots in a row.</param>
/// <param name="Gates">G, the gates of W_ih and of W_hh, which each fill G slots.</param>
/// <param name="Input">The gate that W_ih feeds into each slot, or −1.</param>
/// <param name="Recurrent">The gate that W_hh feeds into each slot, or −1.</param>
internal sealed record GateSlots(int Count, int Gates, IReadOnlyList<int> Input, IReadOnlyList<int> Recurrent)
{
    /// <summary>h: one gate, fed by both.</summary>
    public static GateSlots Rnn { get; } = new(1, 1, [0], [0]);

    /// <summary>i f g o, fed by both.</summary>
    public static GateSlots Lstm { get; } = new(4, 4, [0, 1, 2, 3], [0, 1, 2, 3]);

    /// <summary>n r z q_n: the new gate needs its two projections apart; gates are numbered r z n.</summary>
    public static GateSlots Gru { get; } = new(4, 3, [2, 0, 1, -1], [-1, 0, 1, 2]);

    /// <summary>The first slot that W_ih feeds.</summary>
    public int FirstInput => Input[0] < 0 ? 1 : 0;

    /// <summary>The first slot that W_hh feeds.</summary>
    public int FirstRecurrent => Recurrent[0] < 0 ? 1 : 0;
}
