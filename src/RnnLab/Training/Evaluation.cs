using RnnLab.Models;
using RnnLab.Recurrence;
using RnnLab.Tasks;

namespace RnnLab.Training;

/// <summary>How well a language model predicts a text.</summary>
/// <param name="CrossEntropy">Mean −ln p of a character, in nats.</param>
/// <param name="Characters">How many characters were predicted.</param>
public sealed record Evaluation(double CrossEntropy, long Characters)
{
    /// <summary>exp of the cross-entropy.</summary>
    public double Perplexity => Math.Exp(CrossEntropy);

    /// <summary>The cross-entropy in bits: nats / ln 2.</summary>
    public double BitsPerCharacter => CrossEntropy / Math.Log(2);

    /// <summary>
    /// Scores every character but the first of each stretch. A single stretch is cut into <paramref name="batch"/> streams, each from a
    /// state of zeros, and what is left over at its end continues the last one; so with a batch of 1 the state is carried from the
    /// first character to the last, and the result is exact; more streams are faster and, for their cold starts, a little higher.
    /// </summary>
    /// <param name="model">The model; it is run in evaluation mode.</param>
    /// <param name="parts">Stretches of tokens.</param>
    /// <param name="batch">Streams side by side, for a single stretch.</param>
    /// <param name="chunk">Steps at a time: memory, not the result.</param>
    /// <param name="device">The model's device.</param>
    public static Evaluation Of(LanguageModel model, IReadOnlyList<ReadOnlyMemory<long>> parts, int batch, int chunk, Device device)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(parts);
        var rows = parts.Count > 1 ? parts.Count : Math.Clamp((parts[0].Length - 1) / 2, 1, batch);
        var wasTraining = model.training;
        model.eval();
        try
        {
            using var scope = NewDisposeScope();
            using var streams = new TokenStreams(parts, rows, device);
            // Summed where the model is: the host reads one number at the end.
            var (nats, state) = Run(model, streams, model.ZeroState(rows), chunk);
            var count = (long)streams.Steps * rows;
            if (parts.Count == 1 && count < parts[0].Length - 1)
            {
                using var rest = new TokenStreams([parts[0][(int)count..]], 1, device);
                var (more, _) = Run(model, rest, state.Map(s => s.narrow(0, rows - 1, 1).contiguous()), chunk);
                (nats, count) = (nats + more, count + rest.Steps);
            }
            return new(nats.item<double>() / count, count);
        }
        finally
        {
            model.train(wasTraining);
        }
    }

    private static (Tensor Nats, RecurrentState State) Run(LanguageModel model, TokenStreams streams, RecurrentState start, int chunk)
    {
        var (sum, state) = (zeros([], ScalarType.Float64, start.Layers[0].H.device), start.Copy());
        for (var t = 0; t < streams.Steps; t += chunk)
        {
            using var scope = NewDisposeScope();
            var (inputs, targets) = streams.Slice(t, Math.Min(chunk, streams.Steps - t));
            var (nats, next) = model.Score(inputs, targets, state);
            sum.add_(nats);
            state.Dispose();
            state = next.Map(s => s.MoveToOuterDisposeScope());
        }
        return (sum, state);
    }
}
