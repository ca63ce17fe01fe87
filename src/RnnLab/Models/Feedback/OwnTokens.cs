using RnnLab.Forcing;

namespace RnnLab.Models;

/// <summary>The tokens that a model feeds itself, chosen on its device.</summary>
internal static class OwnTokens
{
    /// <summary>A token for each row of logits (B, V): the likeliest, or one that is drawn.</summary>
    /// <param name="logits">(B, V).</param>
    /// <param name="forcing">How tokens are chosen, and the draws.</param>
    /// <param name="firstStep">The number of the pass's first time step.</param>
    /// <param name="t">The step that is fed the tokens.</param>
    public static Tensor Choose(Tensor logits, TeacherForcing forcing, long firstStep, int t)
    {
        if (forcing.Choice == FeedbackChoice.Argmax)
            return logits.argmax(1);
        using var draws = tensor(forcing.Draws(firstStep, t, (int)logits.shape[0])).to(logits.device);
        return Drawn(logits, draws);
    }

    /// <summary>For each row of logits (B, V) the first token whose cumulative probability exceeds that row's u in [0, 1), (B), float64.</summary>
    public static Tensor Drawn(Tensor logits, Tensor u)
    {
        using var scope = NewDisposeScope();
        var cumulative = logits.to(ScalarType.Float64).softmax(1).cumsum(1);
        // The sum may be rounded to other than 1; a share of it is always less than it, so that some token exceeds it.
        var share = u.unsqueeze(1) * cumulative.narrow(1, logits.shape[1] - 1, 1);
        return cumulative.le(share).to(ScalarType.Int64).sum(1L).MoveToOuterDisposeScope();
    }
}
