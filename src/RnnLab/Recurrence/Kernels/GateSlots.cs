namespace RnnLab.Recurrence.Kernels;

/// <summary>
/// How a fused cell's tape row is laid out: <see cref="Count"/> slots of the units' numbers side by side. The forward pass turns
/// projections into activations in place, the adjoint turns those into the gradients of the projections.
/// The slots that the input feeds are neighbours, and so are those that the recurrent projection feeds, so that each is one product.
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

    /// <summary>i f g o and m, which the output is projected from.</summary>
    public static GateSlots ProjectedLstm { get; } = new(5, 4, [0, 1, 2, 3, -1], [0, 1, 2, 3, -1]);

    /// <summary>i f g o, of which i and f see the cell before the step, and o after it.</summary>
    public static GateSlots PeepholeLstm { get; } = Lstm with { UnitWeights = [new(0, UnitOperand.CellBefore), new(1, UnitOperand.CellBefore), new(3, UnitOperand.Cell)] };

    /// <summary>f g o, or i g o.</summary>
    public static GateSlots ThreeGateLstm { get; } = new(3, 3, [0, 1, 2], [0, 1, 2]);

    /// <summary>h, where W_hh is a diagonal.</summary>
    public static GateSlots IndRnn { get; } = Rnn with { UnitWeights = [new(0, UnitOperand.StateBefore)] };

    /// <summary>n r z q_n: the new gate needs its two projections apart; gates are numbered r z n.</summary>
    public static GateSlots Gru { get; } = new(4, 3, [2, 0, 1, -1], [-1, 0, 1, 2]);

    /// <summary>The weights of one number a unit that φ multiplies with, in the order in which their rows (·, H) stand in the parameter.</summary>
    public IReadOnlyList<UnitWeight> UnitWeights { get; init; } = [];

    /// <summary>The slots that a projection feeds; they come first.</summary>
    public int Fed { get; } = Enumerable.Range(0, Count).Count(slot => Input[slot] >= 0 || Recurrent[slot] >= 0);

    /// <summary>The first slot that W_ih feeds.</summary>
    public int FirstInput => Input[0] < 0 ? 1 : 0;

    /// <summary>The first slot that W_hh feeds.</summary>
    public int FirstRecurrent => Recurrent[0] < 0 ? 1 : 0;
}
