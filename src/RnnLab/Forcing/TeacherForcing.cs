using RnnLab.Randomness;

namespace RnnLab.Forcing;

/// <summary>What one coin decides.</summary>
public enum CoinUnit
{
    /// <summary>One step of one sequence.</summary>
    Token,

    /// <summary>A whole sequence: truth at all of its steps, or at none.</summary>
    Sequence,
}

/// <summary>Which of its own outputs a model is fed.</summary>
public enum FeedbackChoice
{
    /// <summary>The likeliest token.</summary>
    Argmax,

    /// <summary>A token drawn from the model's distribution.</summary>
    Sample,
}

/// <summary>
/// Teacher forcing in one pass: at every step t ≥ 1 a coin says whether the truth or the model's own output of step t − 1 is fed. Tokens that are fed
/// back are constants to the gradient. Coins and draws are functions of the seed and the time step's number.
/// </summary>
/// <param name="Probability">ε, of the truth.</param>
/// <param name="Coin">What a coin decides.</param>
/// <param name="Choice">How tokens are chosen.</param>
/// <param name="FeedbackGradient">Whether real values that are fed back carry the gradient, or are constants like tokens.</param>
/// <param name="Seed">The experiment's.</param>
/// <exception cref="ArgumentOutOfRangeException">The probability is not in [0, 1].</exception>
public sealed record TeacherForcing(
    double Probability, CoinUnit Coin = CoinUnit.Token, FeedbackChoice Choice = FeedbackChoice.Argmax, bool FeedbackGradient = false, ulong Seed = 0)
{
    private readonly RandomStream _coins = new(Seed, "forcing/coins"), _draws = new(Seed, "forcing/draws");

    /// <summary>ε, of the truth, in [0, 1].</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public double Probability
    {
        get;
        init => field = Require.Probability(value, "probability");
    } = Require.Probability(Probability, "probability");

    /// <summary>The experiment's, of the coins and draws.</summary>
    public ulong Seed { get; } = Seed;

    /// <summary>Whether every step is fed the truth, so that the inputs of all steps are known ahead.</summary>
    public bool IsAlways => Probability >= 1;

    /// <summary>For each sequence of a batch whether step <paramref name="t"/> is fed the truth.</summary>
    /// <param name="firstStep">The number of the pass's first time step.</param>
    /// <param name="t">The step within the pass.</param>
    /// <param name="batch">B.</param>
    public bool[] Truth(long firstStep, int t, int batch)
    {
        var truth = new bool[batch];
        for (var b = 0; b < batch; b++)
            truth[b] = _coins.Uniform((ulong)(Coin == CoinUnit.Token ? firstStep + t : firstStep), (ulong)b) < Probability;
        return truth;
    }

    /// <summary>A number in [0, 1) for each sequence, by which the token that step <paramref name="t"/> is fed is drawn.</summary>
    public double[] Draws(long firstStep, int t, int batch)
    {
        var draws = new double[batch];
        for (var b = 0; b < batch; b++)
            draws[b] = _draws.Uniform((ulong)(firstStep + t), (ulong)b);
        return draws;
    }
}
