using RnnLab.Randomness;
using RnnLab.Recurrence;

namespace RnnLab.Models;

/// <summary>
/// How tokens are drawn: from p ∝ exp(logits / temperature), over the k most likely ones where top_k is set, and of these over the nucleus where top_p
/// is: the smallest set of likeliest tokens whose probability reaches top_p (Holtzman et al. 2020). A temperature of 0 takes the most likely token.
/// </summary>
/// <param name="Temperature">At least 0; 1 draws from the model's own distribution.</param>
/// <param name="TopK">k, or 0 for all tokens.</param>
/// <param name="TopP">The nucleus's probability, in (0, 1]; 1 for all tokens.</param>
/// <exception cref="ArgumentOutOfRangeException">The temperature is negative or not finite, k is negative, or top_p is not in (0, 1].</exception>
public sealed record Sampling(double Temperature = 1, int TopK = 0, double TopP = 1)
{
    /// <summary>At least 0.</summary>
    public double Temperature { get; } = double.IsFinite(Temperature) && Temperature >= 0
        ? Temperature
        : throw new ArgumentOutOfRangeException(nameof(Temperature), Temperature, "temperature must be finite and at least 0");

    /// <summary>k, or 0 for all tokens.</summary>
    public int TopK { get; } = TopK >= 0 ? TopK : throw new ArgumentOutOfRangeException(nameof(TopK), TopK, "top_k must be at least 0");

    /// <summary>The nucleus's probability, in (0, 1]; 1 for all tokens.</summary>
    public double TopP { get; } = TopP is > 0 and <= 1 ? TopP : throw new ArgumentOutOfRangeException(nameof(TopP), TopP, "top_p must be over 0 and at most 1");

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
        if (TopP < 1)
            weights = Nucleus(weights);
        var target = u * weights.Sum();
        for (var j = 0; j < weights.Length; j++)
        {
            target -= weights[j];
            if (target < 0)
                return order[j];
        }
        return order[weights.Length - 1];
    }

    /// <summary>The same for many rows at once, on the device: tokens (R), int64.</summary>
    /// <param name="logits">(R, V).</param>
    /// <param name="u">A number in [0, 1) for each row, (R), float64, on the logits' device.</param>
    public Tensor Draw(Tensor logits, Tensor u)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(u);
        if (logits.shape is not [var R, var V] || u.shape is not [var draws] || draws != R)
            throw new ArgumentException($"expected logits (R, V) and u (R), got ({string.Join(", ", logits.shape)}) and ({string.Join(", ", u.shape)})");
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var (sorted, order) = logits.to(ScalarType.Float64).sort(1, descending: true, stable: true);
        if (Temperature == 0)
            return order.narrow(1, 0, 1).squeeze(1).contiguous().MoveToOuterDisposeScope();
        var kept = TopK == 0 ? V : Math.Min(TopK, V);
        var values = sorted.narrow(1, 0, kept);
        var weights = values.sub(values.narrow(1, 0, 1)).div(Temperature).exp();
        var cumulative = weights.cumsum(1);
        var total = cumulative.narrow(1, kept - 1, 1);
        if (TopP < 1)
        {
            // A token is of the nucleus where those before it do not reach top_p.
            var before = cat([zeros_like(total), cumulative.narrow(1, 0, kept - 1)], 1);
            var inside = before.lt(total.mul(TopP));
            cumulative = weights.mul(inside.to(ScalarType.Float64)).cumsum(1);
            total = cumulative.narrow(1, kept - 1, 1);
        }
        // Where u · total is rounded up to the total, the last token of the set is drawn: the one at which the sum gets there.
        var place = cumulative.le(u.unsqueeze(1).mul(total)).logical_and(cumulative.lt(total)).sum(1L);
        return order.gather(1, place.unsqueeze(1)).squeeze(1).MoveToOuterDisposeScope();
    }

    private double[] Nucleus(double[] weights)
    {
        var (reach, sum, count) = (TopP * weights.Sum(), 0.0, 0);
        while (count < weights.Length && sum < reach)
            sum += weights[count++];
        return weights[..count];
    }

    private static (double[] Logits, RecurrentState State) Step(LanguageModel model, long token, RecurrentState state)
    {
        using var scope = NewDisposeScope();
        var (logits, after) = model.Step(tensor(new long[] { token }).to(model.Head.Weight.device), state);
        var values = logits.cpu().to(ScalarType.Float64).data<double>().ToArray();
        return (values, after.Map(s => s.DetachFromDisposeScope()));
    }
}
