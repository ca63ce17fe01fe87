using RnnLab.Cells;

namespace RnnLab.Recurrence;

/// <summary>How a recurrent layer's parameters start.</summary>
public sealed record Initialization
{
    /// <summary>PyTorch's: everything U(−1/√H, 1/√H), but for the recurrent weight of a diagonal, which is drawn from (0, 1] (Li et al. 2018).</summary>
    public static Initialization PyTorch { get; } = new();

    /// <summary>r of U(−r, r) for all parameters that are drawn; null for PyTorch's 1/√H.</summary>
    /// <exception cref="ArgumentOutOfRangeException">r is not positive.</exception>
    public double? Range
    {
        get;
        init => field = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "range must be positive");
    }

    /// <summary>How W_hh starts.</summary>
    public RecurrentStart Recurrent { get; init; }

    /// <summary>The factor of <see cref="RecurrentStart.Identity"/>: 1, or less for a memory that fades (Le, Jaitly and Hinton 2015 take 0.01 for speech).</summary>
    public double RecurrentScale { get; init; } = 1;

    /// <summary>Whether b_ih and b_hh start at 0 instead of as drawn.</summary>
    public bool ZeroBias { get; init; }

    /// <summary>
    /// b of the forget gate's whole bias b_ih + b_hh (Gers et al. 2000; Jozefowicz et al. 2015 advise 1): b_ih's part is set to b,
    /// b_hh's to 0. Null leaves both as drawn.
    /// </summary>
    public double? ForgetBias { get; init; }

    /// <summary>
    /// T_max of the chrono initialisation (Tallec and Ollivier 2018), for memories that last from 1 to T_max steps: the whole bias of the gate that keeps the state
    /// starts at b ~ ln U(1, T_max − 1), unit by unit, and that of a separate input gate at −b; a gate that replaces the state where it is 1 gets −b.
    /// Null for none.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">T_max is less than 3, where the logarithm would have no room.</exception>
    public int? Chrono
    {
        get;
        init => field = value is null or >= 3 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "chrono's T_max must be at least 3");
    }

    /// <summary>The way in which a kind of cell starts unless it is told otherwise.</summary>
    public static Initialization Of(CellKind kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return kind.StartsAsIdentity ? new() { Recurrent = RecurrentStart.Identity, ZeroBias = true } : PyTorch;
    }

    /// <summary>What of this a cell cannot have: the config's key and why; null where all of it fits.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="bias">Whether the projections are to have biases.</param>
    internal (string Key, string Problem)? Misfit(Cell cell, bool bias)
    {
        var lacksBias = cell.HasProjectionBiases && !bias;
        if (Recurrent == RecurrentStart.Orthogonal && cell.RecurrentWeight == RecurrentWeight.Diagonal)
            return ("recurrent", $"cell {cell.Name} has a diagonal recurrent weight, which no rotation fits; expected uniform or identity");
        if (ForgetBias is not null && cell.ForgetGate is null)
            return ("forget_bias", $"cell {cell.Name} has no forget gate");
        if (Chrono is not null && cell.MemoryGate is null)
            return ("chrono", $"cell {cell.Name} has no gate that decides how long its state lasts");
        if (ForgetBias is not null && Chrono is not null)
            return ("chrono", "forget_bias is given too, which sets the same biases; expected one of the two");
        return lacksBias && (ForgetBias ?? Chrono) is not null
            ? (Chrono is null ? "forget_bias" : "chrono", "there is no bias to set with bias: false")
            : null;
    }
}

/// <summary>How a recurrent weight starts.</summary>
public enum RecurrentStart
{
    /// <summary>Drawn as the other weights are.</summary>
    Uniform,

    /// <summary>Each gate's block (H, H) a random orthogonal matrix (Saxe et al. 2014).</summary>
    Orthogonal,

    /// <summary>
    /// Each gate's block (H, H) the identity times <see cref="Initialization.RecurrentScale"/> (Le, Jaitly and Hinton 2015); of a diagonal, ones times that.
    /// </summary>
    Identity,
}
