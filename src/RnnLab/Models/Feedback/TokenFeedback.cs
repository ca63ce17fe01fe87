using RnnLab.Forcing;

namespace RnnLab.Models;

/// <summary>
/// What a language model's steps are fed: the first one the truth, each later one by its coin the truth or the token that the model itself chose for
/// it, a constant to the gradient (scheduled sampling, Bengio et al. 2015).
/// </summary>
/// <param name="model">The model.</param>
/// <param name="truth">(T, B), int64.</param>
/// <param name="forcing">Coins and choices.</param>
/// <param name="firstStep">The number of the first time step.</param>
internal sealed class TokenFeedback(LanguageModel model, Tensor truth, TeacherForcing forcing, long firstStep)
{
    /// <summary>The tokens that are fed, (T, B): the truth, with the model's own written over it step by step. No dispose scope ends it.</summary>
    public Tensor Fed { get; } = truth.clone().DetachFromDisposeScope();

    /// <summary>The vectors of step t, from the output before it.</summary>
    public Tensor Input(int t, Tensor? before)
    {
        var ids = Fed.select(0, t);
        if (before is not null && Coins.OfStep(forcing, firstStep, t, ids.shape[0], ids.device) is { } coins)
            ids.copy_(where(coins, ids, OwnTokens.Choose(model.Head.Forward(before), forcing, firstStep, t)));
        return model.Input.Forward(ids);
    }
}
