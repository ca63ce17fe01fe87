using RnnLab.Models;
using RnnLab.Models.Decoding;
using RnnLab.Recurrence.Sequences;
using RnnLab.Tasks;

namespace RnnLab.Experiments;

/// <summary>An answer to a line.</summary>
/// <param name="Source">The line's symbols.</param>
/// <param name="Symbols">The answer's symbols.</param>
/// <param name="Line">The answer as a line.</param>
/// <param name="Said">Its tokens and scores.</param>
/// <param name="Attention">How much each symbol of the answer, the end mark after the last, attends to each of the line; null where it was not asked for.</param>
public sealed record Translated(IReadOnlyList<string> Source, IReadOnlyList<string> Symbols, string Line, Decoded Said, double[,]? Attention);

/// <summary>A line that is to be answered.</summary>
/// <param name="Symbols">Its symbols.</param>
/// <param name="Tokens">Their tokens.</param>
public sealed record SourceLine(IReadOnlyList<string> Symbols, long[] Tokens);

/// <summary>Answers lines of text with a run's encoder–decoder.</summary>
public sealed class Translation
{
    private readonly EncoderDecoderModel _model;
    private readonly PairText _text;
    private readonly int? _maxLength;
    private readonly Device _device;

    /// <summary>Translation by a saved run.</summary>
    /// <param name="saved">The run.</param>
    /// <param name="maxLength">The most tokens of an answer; null for the model's own limit, or four times the line's and 50.</param>
    /// <exception cref="UserException">The run's task is none of lines of text.</exception>
    public Translation(SavedExampleModel saved, int? maxLength = null)
    {
        ArgumentNullException.ThrowIfNull(saved);
        (_model, _text) = saved.Model is EncoderDecoderModel model && saved.Text is { } text
            ? (model, text)
            : throw new UserException($"{saved.Directory.Path}: translate answers lines of text by an encoder_decoder, and this run's model is of task {saved.Config.Task.Name}");
        _device = saved.Device;
        _maxLength = maxLength ?? (saved.Config.Model as EncoderDecoderConfig)?.MaxLength;
    }

    /// <summary>Whether the model attends to its input.</summary>
    public bool HasAttention => _model.Attention is not null;

    /// <summary>A line as tokens.</summary>
    /// <param name="line">The line.</param>
    /// <param name="where">Its place, for messages: pairs.txt:3.</param>
    /// <exception cref="UserException">It is empty, or has symbols that the model was not trained on; names its place.</exception>
    public SourceLine Read(string line, string where)
    {
        string[] symbols = [.. _text.Split(line)];
        return symbols.Length > 0 ? new(symbols, _text.Input.Encode(symbols, where)) : throw new UserException($"{where}: the line is empty; expected a sequence");
    }

    /// <summary>The answers to some lines, side by side.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="decoding">How answers are chosen.</param>
    /// <param name="withAttention">Whether to say what each symbol of an answer attended to.</param>
    public IReadOnlyList<Translated> Of(IReadOnlyList<SourceLine> lines, IDecoding decoding, bool withAttention)
    {
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(decoding);
        using var scope = NewDisposeScope();
        using var no_grad = torch.no_grad();
        _model.eval();
        int[] limits = [.. lines.Select(line => _maxLength ?? 4 * line.Tokens.Length + 50)];
        using var lengths = SequenceLengths.Of([.. lines.Select(line => (long)line.Tokens.Length)]);
        using var start = _model.Start(PaddedSteps.Of([.. lines.Select(line => new TokenSteps(line.Tokens))], _model.Shape.Input, ScalarType.Float32, _device), lengths);
        var first = full([lines.Count], Vocabulary.BeginIndex, ScalarType.Int64, _device);
        var said = decoding.Decode(new(_model, start, first, Vocabulary.EndIndex, limits.Max())).Zip(limits, Own).ToArray();
        var attention = withAttention ? Attention(start, said, lines) : null;
        return [.. said.Select((answer, b) =>
        {
            string[] symbols = [.. answer.Tokens.Select(_text.Target.Decode)];
            return new Translated(lines[b].Symbols, symbols, _text.Join(symbols), answer, attention?[b]);
        })];
    }

    /// <summary>
    /// An answer under its own line's limit, without begin marks, which are no symbols of a line. Its figures are those of all that was said: they are another's only where an answer
    /// that does not end is cut.
    /// </summary>
    private static Decoded Own(Decoded answer, int limit)
    {
        var kept = answer.Cut(limit);
        return answer with { Tokens = [.. kept.Where(token => token != Vocabulary.BeginIndex)], Finished = answer.Finished && kept.Length == answer.Tokens.Length };
    }

    /// <summary>The attention of each answer's steps, by saying it again.</summary>
    private double[][,] Attention(DecoderState start, IReadOnlyList<Decoded> said, IReadOnlyList<SourceLine> lines)
    {
        var steps = said.Max(answer => answer.Tokens.Length) + 1;
        var all = lines.Select((line, b) => new double[said[b].Tokens.Length + 1, line.Tokens.Length]).ToArray();
        var state = start;
        for (var t = 0; t < steps; t++)
        {
            using var scope = NewDisposeScope();
            var fed = said.Select(answer => t == 0 ? Vocabulary.BeginIndex : t <= answer.Tokens.Length ? answer.Tokens[t - 1] : Vocabulary.EndIndex).ToArray();
            var (_, after) = _model.Step(tensor(fed).to(_device), state);
            if (!ReferenceEquals(state, start))
                state.Dispose();
            state = after;
            var weights = ((EncoderDecoderState)after).Attention!;
            var rows = weights.to(ScalarType.Float64).cpu().data<double>().ToArray();
            var S = (int)weights.shape[1];
            for (var b = 0; b < all.Length; b++)
                if (t <= said[b].Tokens.Length)
                    for (var s = 0; s < lines[b].Tokens.Length; s++)
                        all[b][t, s] = rows[b * S + s];
        }
        if (!ReferenceEquals(state, start))
            state.Dispose();
        return all;
    }
}
