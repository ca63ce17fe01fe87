using RnnLab.Randomness;
using RnnLab.Recurrence;

namespace RnnLab.Models;

/// <summary>
/// How tokens are drawn: from p ∝ exp(logits / temperature), over the k most likely ones where top_k is set. A temperature of 0 takes
/// the most likely token.
/// </summary>
/// <param name="Temperature">At least 0; 1 draws from the model's own distribution.</param>
/// <param name="TopK">k, or 0 for all tokens.</param>
/// <exception cref="ArgumentOutOfRangeException">The temperature is negative or not finite, or k is negative.</exception>
public sealed record Sampling(double Temperature = 1, int TopK = 0)
{
    /// <summary>At least 0.</summary>
    public double Temperature { get; } = double.IsFinite(Temperature) && Temperature >= 0
        ? Temperature
        : throw new ArgumentOutOfRangeException(nameof(Temperature), Temperature, "temperature must be finite and at least 0");

    /// <summary>k, or 0 for all tokens.</summary>
    public int TopK { get; } = TopK >= 0 ? TopK : throw new ArgumentOutOfRangeException(nameof(TopK), TopK, "top_k must be at least 0");

    /// <summary>Continues a prompt.</summary>
    /// <param name="model">The model; dropout has no part in it.</param>
    /// <param name="prompt">Tokens that the state is warmed up with; at least one.</param>
    /// <param name="length">Tokens to draw.</param>
    /// <param name="stream">The random numbers: token i is drawn with event i.</param>
    /// <returns>The tokens drawn, without the prompt, as they are drawn.</returns>
    public IEnumerable<long> Continue(LanguageModel model, IReadOnlyList<long> prompt, int length, RandomStream stream)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(stream);
        if (prompt.Count == 0)
            throw new ArgumentException("sampling starts from at least one token", nameof(prompt));
        return Tokens();

        IEnumerable<long> Tokens()
        {
            var state = model.ZeroState(1).Map(s => s.DetachFromDisposeScope());
            var next = 0L;
            try
            {
                for (var i = 0; i < prompt.Count - 1 + length; i++)
                {
                    var (logits, after) = Step(model, i < prompt.Count ? prompt[i] : next, state);
                    state.Dispose();
                    state = after;
                    if (i < prompt.Count - 1)
                        continue;
                    next = Draw(logits, stream.Uniform((ulong)(i - prompt.Count + 1)));
                    yield return next;
                }
            }
            finally
            {
                state.Dispose();
            }
        }
    }

    /// <summary>The token that a number u in [0, 1) falls on: the first whose cumulative probability exceeds u.</summary>
    public long Draw(ReadOnlySpan<double> logits, double u)
    {
        var values = logits.ToArray();
        // A stable sort: of equal logits the smaller token comes first, on every machine.
        var order = Enumerable.Range(0, values.Length).OrderByDescending(i => values[i]).ToArray();
        if (Temperature == 0)
            return order[0];
        var kept = TopK == 0 ? order.Length : Math.Min(TopK, order.Length);
        var weights = order.Take(kept).Select(i => Math.Exp((values[i] - values[order[0]]) / Temperature)).ToArray();
        var target = u * weights.Sum();
        for (var j = 0; j < kept; j++)
        {
            target -= weights[j];
            if (target < 0)
                return order[j];
        }
        return order[kept - 1];
    }

    private static (double[] Logits, RecurrentState State) Step(LanguageModel model, long token, RecurrentState state)
    {
        using var scope = NewDisposeScope();
        var (logits, after) = model.Step(tensor(new long[] { token }).to(model.Head.Weight.device), state);
        var values = logits.cpu().to(ScalarType.Float64).data<double>().ToArray();
        return (values, after.Map(s => s.DetachFromDisposeScope()));
    }
}
