namespace RnnLab.Models.Decoding;

/// <summary>One input's beam: the hypotheses that are open, and the best of those that have ended.</summary>
internal sealed class Beam(BeamSearch search, DecodingRequest request)
{
    private readonly List<Decoded> _finished = [];
    private List<Hypothesis> _open = [Hypothesis.Empty];

    /// <summary>The open hypotheses, the likeliest first.</summary>
    public IReadOnlyList<Hypothesis> Open => _open;

    /// <summary>
    /// Whether no open hypothesis can still come among the best: what it says only makes it less likely, and no length normalises by more than the
    /// greatest.
    /// </summary>
    public bool IsDone => _finished.Count == search.Best
        && (_open.Count == 0 || _finished[^1].Score >= search.Score(_open[0].LogProbability, request.MaxLength));

    /// <summary>Takes the likeliest continuations.</summary>
    /// <param name="logProbabilities">In falling order.</param>
    /// <param name="places">The open hypothesis i and its next token k of each, as i·V + k.</param>
    /// <param name="V">The number of tokens.</param>
    /// <param name="width">How many to go on with.</param>
    /// <returns>Which of the open hypotheses each of the new ones continues, and with which token.</returns>
    public IReadOnlyList<(int Parent, long Token)> Extend(ReadOnlySpan<double> logProbabilities, ReadOnlySpan<long> places, long V, int width)
    {
        var (open, steps) = (new List<Hypothesis>(width), new List<(int Parent, long Token)>(width));
        for (var rank = 0; rank < places.Length; rank++)
        {
            var (parent, token) = ((int)(places[rank] / V), places[rank] % V);
            if (token != request.End && open.Count < width)
            {
                open.Add(_open[parent].With(token, logProbabilities[rank]));
                steps.Add((parent, token));
            }
            else if (token == request.End && rank < search.Width)
            {
                Finish(_open[parent].With(token, logProbabilities[rank]));
            }
        }
        _open = open;
        return steps;
    }

    /// <summary>The best hypotheses: first those that have ended, then those that were cut off.</summary>
    public IReadOnlyList<Decoded> Results()
        => [.. _finished.Concat(_open.Select(hypothesis => Result(hypothesis, finished: false))).Take(search.Best)];

    private void Finish(Hypothesis hypothesis)
    {
        var result = Result(hypothesis, finished: true);
        var place = _finished.FindIndex(other => other.Score < result.Score);
        _finished.Insert(place < 0 ? _finished.Count : place, result);
        if (_finished.Count > search.Best)
            _finished.RemoveAt(_finished.Count - 1);
    }

    private Decoded Result(Hypothesis hypothesis, bool finished)
        => hypothesis.ToDecoded(search.Score(hypothesis.LogProbability, hypothesis.Length), finished);
}
