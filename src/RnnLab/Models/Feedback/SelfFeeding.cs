using RnnLab.Forcing;
using RnnLab.Layers;
using RnnLab.Recurrence;
using RnnLab.Tasks;

namespace RnnLab.Models;

/// <summary>
/// Teacher forcing of series of real vectors, y_t = W h_t + b with squared error: step 0 is fed the truth, each later step by its coin the truth x_t
/// or the model's own y_{t−1}. With <see cref="TeacherForcing.FeedbackGradient"/> a vector that is fed back carries the gradient to the step that
/// it came from; without, it is a constant, as in scheduled sampling (Bengio et al. 2015).
/// </summary>
public static class SelfFeeding
{
    /// <summary>Runs a batch from a state of zeros, to go back through.</summary>
    /// <param name="rnn">The recurrence, of one direction; masks are drawn when it is in training mode.</param>
    /// <param name="head">Its outputs to vectors as wide as its inputs.</param>
    /// <param name="batch">Inputs (T, B, K) and targets (T, B, K); padding may hold anything.</param>
    /// <param name="forcing">Coins, and whether the gradient goes through what is fed back.</param>
    /// <param name="firstStep">The number of the first time step.</param>
    /// <exception cref="ArgumentException">Inputs and targets are not both (T, B, K) with K the width of the recurrence's input and of the head's output.</exception>
    public static IBatchPass Forward(RecurrentStack rnn, Linear head, SequenceBatch batch, TeacherForcing forcing, long firstStep)
    {
        ArgumentNullException.ThrowIfNull(rnn);
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(forcing);
        var (x, K) = (batch.Inputs.shape, rnn.InputSize);
        if (x is not [_, _, var width] || width != K || head.Weight.shape[0] != K || !batch.Targets.shape.SequenceEqual(x))
        {
            var (inputs, targets) = (string.Join(", ", x), string.Join(", ", batch.Targets.shape));
            throw new ArgumentException(
                $"a series is fed its own outputs: inputs ({inputs}) and targets ({targets}) must both be (T, B, {K}), and the outputs, {head.Weight.shape[0]} wide, as wide");
        }
        return new SelfFeedingPass(rnn, head, batch, forcing, firstStep);
    }
}
