using System.Runtime.InteropServices;
using RnnLab.Metrics;
using RnnLab.Tasks;

namespace RnnLab.Models;

/// <summary>What a model says to the examples of a batch, on the host.</summary>
internal static class Answers
{
    /// <summary>One for each example.</summary>
    /// <param name="outputs">(T, B, K) where targets stand at each step, or (1, B, K); padding is left out.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="shape">The form of its examples.</param>
    public static IReadOnlyList<Prediction> Of(Tensor outputs, SequenceBatch batch, TaskShape shape)
    {
        using var scope = NewDisposeScope();
        // Sequence by sequence, and one copy for all.
        var host = outputs.transpose(0, 1).to(ScalarType.Float64).cpu().contiguous();
        var (T, K) = ((int)outputs.shape[0], (int)outputs.shape[2]);
        var values = MemoryMarshal.Cast<byte, double>(host.bytes);
        var answers = new Prediction[batch.Size];
        for (var b = 0; b < answers.Length; b++)
        {
            var steps = shape.Place == TargetPlace.EachStep && batch.Lengths is { } lengths ? (int)lengths.Values[b] : T;
            var own = values.Slice(b * T * K, steps * K).ToArray();
            answers[b] = new(own, K, shape.Target.Kind == ValueKind.Tokens ? Likeliest(own, K) : []);
        }
        GC.KeepAlive(host);
        return answers;
    }

    private static long[] Likeliest(double[] logits, int width)
    {
        var tokens = new long[logits.Length / width];
        for (var n = 0; n < tokens.Length; n++)
            for (var k = 1; k < width; k++)
                if (logits[n * width + k] > logits[n * width + tokens[n]])
                    tokens[n] = k;
        return tokens;
    }
}
