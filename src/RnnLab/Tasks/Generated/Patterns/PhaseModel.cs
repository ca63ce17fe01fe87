namespace RnnLab.Tasks;

/// <summary>
/// A hidden state machine that emits vectors: K phases in a ring, each kept with probability 1 − 1/dwell and else left for the next one; the first uniform. In
/// phase k a frame is normal around μ_k with unit variance. A hidden Markov model (Rabiner 1989).
/// </summary>
/// <param name="means">μ, phase by phase.</param>
/// <param name="dwell">The mean number of steps in a phase.</param>
public sealed class PhaseModel(IReadOnlyList<double[]> means, double dwell)
{
    /// <summary>A sequence of phases and the frames that they emit, frame after frame.</summary>
    public (long[] Phases, double[] Frames) Draw(Draws draws, int length)
    {
        ArgumentNullException.ThrowIfNull(draws);
        var (phases, frames) = (new long[length], new List<double>());
        var phase = draws.Integer(0, means.Count - 1);
        for (var t = 0; t < length; t++)
        {
            if (t > 0 && draws.Coin(1 / dwell))
                phase = (phase + 1) % means.Count;
            phases[t] = phase;
            frames.AddRange(means[phase].Select(mean => mean + draws.Normal()));
        }
        return (phases, [.. frames]);
    }

    /// <summary>p(phase | frame) of one frame by Bayes' rule: the phases are alike before it is seen.</summary>
    public double[] Posterior(ReadOnlySpan<double> frame) => Weighted([.. means.Select(_ => 1.0)], frame);

    /// <summary>p(phase at t | frames up to t) by the forward recursion: the best that can be said without the frames to come.</summary>
    public double[][] Filtered(RealSteps frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        var all = new double[frames.Length][];
        for (var t = 0; t < all.Length; t++)
            all[t] = t == 0 ? Posterior(frames.At(t)) : Weighted(Next(all[t - 1]), frames.At(t));
        return all;
    }

    private double[] Next(double[] p) => [.. p.Select((stay, k) => stay * (1 - 1 / dwell) + p[(k + p.Length - 1) % p.Length] / dwell)];

    private double[] Weighted(double[] prior, ReadOnlySpan<double> frame)
    {
        var exponents = new double[prior.Length];
        for (var k = 0; k < prior.Length; k++)
            for (var d = 0; d < frame.Length; d++)
                exponents[k] -= (frame[d] - means[k][d]) * (frame[d] - means[k][d]) / 2;
        var largest = exponents.Max();
        var weights = prior.Select((p, k) => p * Math.Exp(exponents[k] - largest)).ToArray();
        var sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }
}
