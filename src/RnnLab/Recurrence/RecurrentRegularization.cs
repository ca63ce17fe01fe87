using RnnLab.Cells;

namespace RnnLab.Recurrence;

/// <summary>
/// What regularises a layer's recurrence in training; all masks are functions of (seed, stream, number of the time step), so that a run that is resumed, or a window that is run
/// again, draws the same. With m a mask of 1/(1 − p) and 0, and d one of 1 and 0:
/// <code>
/// recurrent dropout   q_t = W_hh (m ⊙ h_{t-1}) + b_hh                 one m (B, H) for all steps of a call     (Gal and Ghahramani 2016)
///                     of a cell with several products in a step, the first one's operand alone
/// weight drop         q_t = (m ⊙ W_hh) h_{t-1} + b_hh                 one m (G·H, H) for all steps of a call   (DropConnect: Wan et al. 2013; Merity et al. 2018)
/// zoneout             h_t = d_t ⊙ h_{t-1} + (1 − d_t) ⊙ φ_h(…)        a d_t for each step, P(d = 1) = z; likewise c_t
///                     in evaluation its mean: h_t = z h_{t-1} + (1 − z) φ_h(…)                                 (Krueger et al. 2017)
/// </code>
/// The mask for all steps of a call is drawn by the number of its first step, so each window of truncated BPTT has its own.
/// </summary>
public sealed record RecurrentRegularization
{
    /// <summary>Nothing.</summary>
    public static RecurrentRegularization None { get; } = new();

    /// <summary>p of recurrent dropout, in [0, 1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public double RecurrentDropout
    {
        get;
        init => field = Probability(value, "recurrent_dropout");
    }

    /// <summary>p of weight drop, in [0, 1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public double WeightDrop
    {
        get;
        init => field = Probability(value, "weight_drop");
    }

    /// <summary>z of h, in [0, 1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public double ZoneoutH
    {
        get;
        init => field = Probability(value, "zoneout_h");
    }

    /// <summary>z of c, in [0, 1); for cells that have a c.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public double ZoneoutC
    {
        get;
        init => field = Probability(value, "zoneout_c");
    }

    /// <summary>Whether there is zoneout, which acts in evaluation as well.</summary>
    public bool HasZoneout => ZoneoutH > 0 || ZoneoutC > 0;

    /// <exception cref="ArgumentException">The cell has not what this acts on.</exception>
    internal void RequireFit(Cell cell)
    {
        if (ZoneoutC > 0 && !cell.HasCellState)
            throw new ArgumentException($"zoneout_c: {cell.Name} has no c; zoneout_h acts on h");
    }

    private static double Probability(double value, string name)
        => value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be in [0, 1)");
}
