namespace RnnLab.Models.Decoding;

/// <summary>
/// Beam search: at each step the K likeliest continuations of the K open hypotheses. Those that end leave the beam, and the next likeliest take their
/// places, so that K stay open. A search is over where no open hypothesis can beat the best that have ended, or at the greatest length. Hypotheses are
/// ranked by score = ln p / ((5 + |Y|) / 6)^α (Wu et al. 2016), |Y| counting all tokens said, the end mark included. With K = 1 and α = 0 it is
/// <see cref="GreedyDecoding"/>.
/// </summary>
/// <remarks>
/// All inputs go together as rows of one batch, and those that are over leave it. The host sees 2K numbers of each input at each step, however many
/// tokens there are.
/// </remarks>
/// <param name="Width">K, at least 1.</param>
/// <param name="LengthNormalization">α, at least 0; 0 for none, Wu et al. use 0.6 to 0.7.</param>
/// <param name="Best">How many hypotheses <see cref="NBest"/> gives, from 1 to K. More are searched longer.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
public sealed record BeamSearch(int Width, double LengthNormalization = 0, int Best = 1) : IDecoding
{
    /// <summary>K.</summary>
    public int Width { get; } = Width >= 1 ? Width : throw new ArgumentOutOfRangeException(nameof(Width), Width, "the beam's width must be at least 1");

    /// <summary>α.</summary>
    public double LengthNormalization { get; } = double.IsFinite(LengthNormalization) && LengthNormalization >= 0
        ? LengthNormalization
        : throw new ArgumentOutOfRangeException(nameof(LengthNormalization), LengthNormalization, "length normalisation must be finite and at least 0");

    /// <summary>How many hypotheses <see cref="NBest"/> gives.</summary>
    public int Best { get; } = Best >= 1 && Best <= Width
        ? Best
        : throw new ArgumentOutOfRangeException(nameof(Best), Best, $"the number of hypotheses must be from 1 to the beam's width, {Width}");

    /// <inheritdoc/>
    public IReadOnlyList<Decoded> Decode(DecodingRequest request) => [.. NBest(request).Select(hypotheses => hypotheses[0])];

    /// <summary>
    /// The best hypotheses of each input, the best first; after those that have ended, where they are too few, those that were cut off at the greatest
    /// length. Fewer than <see cref="Best"/> where there are no more sequences.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<Decoded>> NBest(DecodingRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var no_grad = torch.no_grad();
        using var stepper = new Stepper(request);
        var beams = Enumerable.Range(0, request.Batch).Select(_ => new Beam(this, request)).ToArray();
        var active = beams;
        for (var length = 1; length <= request.MaxLength && active.Length > 0; length++)
        {
            using var scope = NewDisposeScope();
            active = Step(stepper, request, active, isLast: length == request.MaxLength);
        }
        return [.. beams.Select(beam => beam.Results())];
    }

    /// <summary>The score of a sequence of a length.</summary>
    internal double Score(double logProbability, int length) => logProbability / Math.Pow((5 + length) / 6.0, LengthNormalization);

    // One token more for all active beams, equally wide; the ones that stay active.
    private Beam[] Step(Stepper stepper, DecodingRequest request, Beam[] active, bool isLast)
    {
        var (A, w, device) = (active.Length, active[0].Open.Count, request.First.device);
        var sums = tensor(active.SelectMany(beam => beam.Open).Select(hypothesis => hypothesis.LogProbability).ToArray()).to(device);
        var log_p = stepper.Step().log_softmax(1, ScalarType.Float64).add(sums.unsqueeze(1));
        var V = log_p.shape[1];
        // At most one continuation of each hypothesis ends: of twice the width enough remain open.
        var (values, places) = log_p.view(A, w * V).topk((int)Math.Min(2L * Width, w * V), 1);
        var width = (int)Math.Min(Width, w * (request.End is null ? V : V - 1));
        var (logs, indices, n) = (values.cpu().data<double>().ToArray(), places.cpu().data<long>().ToArray(), (int)values.shape[1]);
        var (stay, rows, tokens) = (new List<Beam>(A), new List<long>(A * width), new List<long>(A * width));
        for (var a = 0; a < A; a++)
        {
            var steps = active[a].Extend(logs.AsSpan(a * n, n), indices.AsSpan(a * n, n), V, width);
            if (steps.Count == 0 || active[a].IsDone)
                continue;
            stay.Add(active[a]);
            rows.AddRange(steps.Select(step => ((long)a * w) + step.Parent));
            tokens.AddRange(steps.Select(step => step.Token));
        }
        if (!isLast && stay.Count > 0)
        {
            stepper.Select(tensor(rows.ToArray()).to(device));
            stepper.Feed(tensor(tokens.ToArray()).to(device));
        }
        return [.. stay];
    }
}
