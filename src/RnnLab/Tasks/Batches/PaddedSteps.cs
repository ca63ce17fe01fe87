using System.Numerics;
using RnnLab.Kernels.Elementwise;

namespace RnnLab.Tasks;

/// <summary>Sequences side by side in one tensor, filled on the host and moved in one copy.</summary>
internal static class PaddedSteps
{
    /// <summary>(T, B) int64 of tokens, or (T, B, K) of <paramref name="dtype"/>; T is the longest one's length, 0 stands beyond the others' ends.</summary>
    /// <exception cref="ArgumentException">The dtype is neither float32 nor float64.</exception>
    public static Tensor Of(IReadOnlyList<StepValues> sequences, ValueShape shape, ScalarType dtype, Device device)
    {
        using var scope = NewDisposeScope();
        long T = sequences.Max(sequence => sequence.Length), B = sequences.Count;
        // The host's buffer is one span of bytes.
        if ((double)T * B * (shape.Kind == ValueKind.Tokens ? 1 : shape.Size) * sizeof(long) > int.MaxValue)
            throw new UserException($"a batch of {B} sequences of up to {T} steps is larger than a buffer can be; lower training.batch_size or evaluation.batch_size");
        var padded = shape.Kind == ValueKind.Tokens ? zeros([T, B], ScalarType.Int64) : zeros([T, B, shape.Size], dtype);
        if (shape.Kind == ValueKind.Tokens)
            FillTokens(sequences, Fast.Elements<long>(padded));
        else if (dtype == ScalarType.Float32)
            Fill(sequences, shape.Size, Fast.Elements<float>(padded));
        else if (dtype == ScalarType.Float64)
            Fill(sequences, shape.Size, Fast.Elements<double>(padded));
        else
            throw new ArgumentException($"batches hold float32 or float64, not {dtype}", nameof(dtype));
        return padded.to(device).MoveToOuterDisposeScope();
    }

    private static void FillTokens(IReadOnlyList<StepValues> sequences, Span<long> padded)
    {
        for (var b = 0; b < sequences.Count; b++)
        {
            var values = ((TokenSteps)sequences[b]).Values;
            for (var t = 0; t < values.Length; t++)
                padded[t * sequences.Count + b] = values[t];
        }
    }

    private static void Fill<T>(IReadOnlyList<StepValues> sequences, int width, Span<T> padded) where T : unmanaged, INumber<T>
    {
        for (var b = 0; b < sequences.Count; b++)
        {
            var values = ((RealSteps)sequences[b]).Values;
            for (int t = 0, i = 0; i < values.Length; t++)
                for (var k = 0; k < width; k++)
                    padded[(t * sequences.Count + b) * width + k] = T.CreateTruncating(values[i++]);
        }
    }
}
