namespace RnnLab.Models.Decoding;

/// <summary>The likeliest token at each step.</summary>
public sealed record GreedyDecoding : IDecoding
{
    /// <inheritdoc/>
    public IReadOnlyList<Decoded> Decode(DecodingRequest request) => StepByStep.Say(request, (logits, _) => logits.argmax(1));
}
