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

/// <summary>Answers lines of text with a run's encoder–decoder.</summary>
public sealed class Translation
{
    private readonly EncoderDecoderModel _model;
    private readonly PairText _text;
    private readonly IDecoding _decoding;
    private readonly int? _maxLength;
    private readonly Device _device;

    /// <summary>Translation by a saved run.</summary>
    /// <param name="saved">The run.</param>
    /// <param name="decoding">How answers are chosen.</param>
    /// <param name="maxLength">The most tokens of an answer; null for the model's own limit, or four times the line's and 50.</param>
    /// <exception cref="UserException">The run's task is none of lines of text.</exception>
    public Translation(SavedExampleModel saved, IDecoding decoding, int? maxLength = null)
    {
        ArgumentNullException.ThrowIfNull(saved);
        (_model, _text) = saved.Model is EncoderDecoderModel model && saved.Text is { } text
            ? (model, text)
            : throw new UserException($"{saved.Directory.Path}: translate answers lines of text by an encoder_decoder, and this run's model is of task {saved.Config.Task.Name}");
        (_decoding, _device) = (decoding, saved.Device);
        _maxLength = maxLength ?? (saved.Config.Model as EncoderDecoderConfig)?.MaxLength;
    }

    /// <summary>The answers to some lines, side by side.</summary>
    /// <param name="lines">Lines, each with the name of its place, for messages.</param>
    /// <param name="withAttention">Whether to say what each symbol of an answer attended to.</param>
    /// <exception cref="UserException">A line is empty, or has symbols that the model was not trained on; names its place.</exception>
    public IReadOnlyList<Translated> Of(IReadOnlyList<(string Line, string Where)> lines, bool withAttention)
    {
        ArgumentNullException.ThrowIfNull(lines);
        using var scope = NewDisposeScope();
        using var no_grad = torch.no_grad();
        string[][] sources = [.. lines.Select(line => Symbols(line.Line, line.Where))];
        long[][] tokens = [.. sources.Zip(lines, (symbols, line) => _text.Input.Encode(symbols, line.Where))];
        var T = tokens.Max(row => row.Length);
        var columns = new long[T * tokens.Length];
        for (var b = 0; b < tokens.Length; b++)
            for (var t = 0; t < tokens[b].Length; t++)
                columns[t * tokens.Length + b] = tokens[b][t];
        var inputs = tensor(columns, [T, tokens.Length]).to(_device);
        using var lengths = SequenceLengths.Of([.. tokens.Select(row => (long)row.Length)]);
        _model.eval();
        using var start = _model.Start(inputs, lengths);
        var first = full([tokens.Length], Vocabulary.BeginIndex, ScalarType.Int64, _device);
        var said = _decoding.Decode(new(_model, start, first, Vocabulary.EndIndex, _maxLength ?? 4 * T + 50));
        var attention = withAttention ? Attention(start, said, tokens) : null;
        return [.. said.Select((answer, b) =>
        {
            string[] symbols = [.. answer.Tokens.Select(_text.Target.Decode)];
            return new Translated(sources[b], symbols, _text.Join(symbols), answer, attention?[b]);
        })];
    }

    private string[] Symbols(string line, string where)
        => _text.Split(line) is { Count: > 0 } symbols ? [.. symbols] : throw new UserException($"{where}: the line is empty; expected a sequence");

    /// <summary>The attention of each answer's steps, by saying it again.</summary>
    private double[][,] Attention(DecoderState start, IReadOnlyList<Decoded> said, long[][] sources)
    {
        var steps = said.Max(answer => answer.Tokens.Length) + 1;
        var all = sources.Select((source, b) => new double[said[b].Tokens.Length + 1, source.Length]).ToArray();
        var state = start;
        for (var t = 0; t < steps; t++)
        {
            using var scope = NewDisposeScope();
            var fed = said.Select(answer => t == 0 ? Vocabulary.BeginIndex : t <= answer.Tokens.Length ? answer.Tokens[t - 1] : Vocabulary.EndIndex).ToArray();
            var (_, after) = _model.Step(tensor(fed).to(_device), state);
            if (!ReferenceEquals(state, start))
                state.Dispose();
            state = after;
            var weights = ((EncoderDecoderState)after).Attention
                ?? throw new UserException("--attention: this model has no attention; expected a run with model.attention other than none");
            var rows = weights.to(ScalarType.Float64).cpu().data<double>().ToArray();
            var S = (int)weights.shape[1];
            for (var b = 0; b < all.Length; b++)
                if (t <= said[b].Tokens.Length)
                    for (var s = 0; s < sources[b].Length; s++)
                        all[b][t, s] = rows[b * S + s];
        }
        if (!ReferenceEquals(state, start))
            state.Dispose();
        return all;
    }
}
