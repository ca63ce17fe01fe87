using RnnLab.Randomness;

namespace RnnLab.Models.Decoding;

/// <summary>Tokens drawn from the model's distribution. Log probabilities are those of the model itself, at temperature 1 and over all tokens.</summary>
/// <param name="Sampling">How tokens are drawn.</param>
/// <param name="Stream">The random numbers: event t, index b is the draw of sequence b's token t, so that no sequence's draws depend on how long the others are.</param>
public sealed record SampledDecoding(Sampling Sampling, RandomStream Stream) : IDecoding
{
    /// <inheritdoc/>
    public IReadOnlyList<Decoded> Decode(DecodingRequest request)
        => StepByStep.Say(request, (logits, step) => Sampling.Draw(logits, Stream.Uniform([logits.shape[0]], 0, 1, (ulong)step).to(logits.device)));
}
