namespace RnnLab.Tasks;

/// <summary>Which part of a text is held out for validation.</summary>
public enum TextSplit
{
    /// <summary>The end of the text.</summary>
    End,

    /// <summary>
    /// The end of each of the batch's streams, as char-rnn does: the held-out characters then come from all over the text, and have
    /// neighbours in training, so that the loss is lower than on <see cref="End"/>.
    /// </summary>
    PerStream,
}

/// <summary>
/// Language modelling of one text, by character or by word: its vocabulary, and its split into a training and a validation part. The
/// vocabulary of characters without limits is that of the whole text, as in char-rnn; any other is the training part's.
/// </summary>
public sealed class TextTask
{
    /// <summary>The task on a text.</summary>
    /// <param name="corpus">The text.</param>
    /// <param name="validationFraction">The part that is held out, in (0, 1), unless there is a text to validate on.</param>
    /// <param name="split">Where it is taken from.</param>
    /// <param name="streams">The batch size, which <see cref="TextSplit.PerStream"/> cuts the text by.</param>
    /// <param name="vocabulary">The vocabulary of a saved run, or null for the text's own.</param>
    /// <param name="symbols">What the symbols are; <see cref="TextSymbols.Characters"/> unless given.</param>
    /// <param name="validation">A text to validate on; all of <paramref name="corpus"/> is then trained on, as one stretch.</param>
    /// <exception cref="UserException">The texts have symbols that the vocabulary lacks, and it has no <see cref="Vocabulary.Unknown"/>.</exception>
    public TextTask(
        TextCorpus corpus, double validationFraction, TextSplit split = TextSplit.End, int streams = 1, Vocabulary? vocabulary = null, TextSymbols? symbols = null,
        TextCorpus? validation = null)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        (Corpus, ValidationCorpus, Symbols) = (corpus, validation, symbols ?? TextSymbols.Characters);
        var (text, other) = (new SymbolText(corpus, Symbols), validation is null ? null : new SymbolText(validation, Symbols));
        var (training, heldOut) = other is null ? Cut(text.Length, validationFraction, split, streams) : (Whole(text), Whole(other));
        Vocabulary = vocabulary ?? text.NewVocabulary(training, other);
        var tokens = text.Encode(Vocabulary);
        var validationTokens = other?.Encode(Vocabulary) ?? tokens;
        Training = [.. training.Select(part => (ReadOnlyMemory<long>)tokens.AsMemory(part))];
        Validation = [.. heldOut.Select(part => (ReadOnlyMemory<long>)validationTokens.AsMemory(part))];
    }

    /// <summary>The text.</summary>
    public TextCorpus Corpus { get; }

    /// <summary>The text to validate on, if it is not a part of <see cref="Corpus"/>.</summary>
    public TextCorpus? ValidationCorpus { get; }

    /// <summary>What its symbols are.</summary>
    public TextSymbols Symbols { get; }

    /// <summary>Its symbols.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>The stretches of tokens to train on: one, or one for each stream.</summary>
    public IReadOnlyList<ReadOnlyMemory<long>> Training { get; }

    /// <summary>The stretches of tokens that are held out.</summary>
    public IReadOnlyList<ReadOnlyMemory<long>> Validation { get; }

    /// <summary>Requires one chunk of <paramref name="steps"/> for each of <paramref name="batch"/> streams to train on, and two symbols a stretch to validate on.</summary>
    /// <exception cref="UserException">The text is too short; says how much is needed.</exception>
    public void RequireLength(int batch, int steps)
    {
        var (have, needed) = (Training.Sum(part => Math.Max(0, part.Length - 1)), (long)batch * steps);
        if (have < needed || Training.Any(part => part.Length - 1 < steps))
            throw new UserException($"{Corpus.Source}: the text is too short: {have} {Symbols.Unit} to train on, batch_size {batch} × k1 {steps} = {needed} are needed");
        if (Validation.Any(part => part.Length < 2))
            throw new UserException($"{Corpus.Source}: the text is too short for its validation_fraction: {Validation.Min(part => part.Length)} {Symbols.Unit} to validate on, 2 are needed");
    }

    private static Range[] Whole(SymbolText text) => [new(0, text.Length)];

    private static (Range[] Training, Range[] Validation) Cut(int length, double validationFraction, TextSplit split, int streams)
    {
        if (split == TextSplit.End)
        {
            var end = (int)(length * (1 - validationFraction));
            return ([new(0, end)], [new(end, length)]);
        }
        // A part ends with the first token of the next one, which is the target of its last input.
        var row = (length - 1) / streams;
        var cut = (int)(row * (1 - validationFraction));
        Range[] Parts(int from, int to) => [.. Enumerable.Range(0, streams).Select(b => (b * row + from)..(b * row + to + 1))];
        return (Parts(0, cut), Parts(cut, row));
    }
}
