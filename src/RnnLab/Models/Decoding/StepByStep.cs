namespace RnnLab.Models.Decoding;

/// <summary>Decoding that chooses each token once and for all, for all sequences at the same time, until each has ended.</summary>
internal static class StepByStep
{
    /// <param name="request">What is to be said.</param>
    /// <param name="choose">The tokens (B), int64, of logits (B, V) at a step, from 0.</param>
    public static IReadOnlyList<Decoded> Say(DecodingRequest request, Func<Tensor, int, Tensor> choose)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var no_grad = torch.no_grad();
        using var stepper = new Stepper(request);
        var said = Enumerable.Range(0, request.Batch).Select(_ => new List<long>()).ToArray();
        var (logProbability, finished) = (new double[request.Batch], new bool[request.Batch]);
        for (var step = 0; step < request.MaxLength && finished.Contains(false); step++)
        {
            using var scope = NewDisposeScope();
            var logits = stepper.Step();
            var chosen = choose(logits, step);
            var log_p = logits.log_softmax(1, ScalarType.Float64).gather(1, chosen.unsqueeze(1)).squeeze(1);
            // Sequences that have ended run along with the others, and nobody listens.
            stepper.Feed(chosen);
            var (tokens, logs) = (chosen.cpu().data<long>().ToArray(), log_p.cpu().data<double>().ToArray());
            for (var b = 0; b < request.Batch; b++)
            {
                if (finished[b])
                    continue;
                logProbability[b] += logs[b];
                finished[b] = tokens[b] == request.End;
                if (!finished[b])
                    said[b].Add(tokens[b]);
            }
        }
        return [.. said.Select((tokens, b) => new Decoded([.. tokens], logProbability[b], logProbability[b], finished[b]))];
    }
}
