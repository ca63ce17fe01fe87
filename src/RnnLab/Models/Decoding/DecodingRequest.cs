namespace RnnLab.Models.Decoding;

/// <summary>Sequences that a model is to say: from where, and until when.</summary>
/// <param name="Decoder">The model.</param>
/// <param name="Start">Its state before <paramref name="First"/>, a row for each of B sequences. It stays the caller's.</param>
/// <param name="First">What the model is fed first, (B), int64, on its device: the begin marks, or the last token of each prompt. It stays the caller's.</param>
/// <param name="End">The end mark; null where there is none, and every sequence has the greatest length.</param>
/// <param name="MaxLength">The most tokens that are said to a sequence, the end mark among them; at least 1.</param>
/// <exception cref="ArgumentException"><paramref name="First"/> is not a vector of int64, or empty.</exception>
/// <exception cref="ArgumentOutOfRangeException">The greatest length is under 1.</exception>
public sealed record DecodingRequest(ITokenDecoder Decoder, DecoderState Start, Tensor First, long? End, int MaxLength)
{
    /// <summary>What the model is fed first, (B), int64.</summary>
    public Tensor First { get; } = First.dtype == ScalarType.Int64 && First.shape is [> 0]
        ? First
        : throw new ArgumentException($"expected tokens (B) of int64, got {First.dtype} ({string.Join(", ", First.shape)})", nameof(First));

    /// <summary>The most tokens that are said to a sequence, the end mark among them.</summary>
    public int MaxLength { get; } = MaxLength >= 1 ? MaxLength : throw new ArgumentOutOfRangeException(nameof(MaxLength), MaxLength, "max_length must be at least 1");

    /// <summary>B.</summary>
    public int Batch => checked((int)First.shape[0]);
}

/// <summary>A way to choose what a model says.</summary>
public interface IDecoding
{
    /// <summary>The sequence that is chosen for each row of the request.</summary>
    IReadOnlyList<Decoded> Decode(DecodingRequest request);
}
