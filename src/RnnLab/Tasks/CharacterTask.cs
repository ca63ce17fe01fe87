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
/// Character-level language modelling of one text: its vocabulary, and its split into a training and a validation part. The vocabulary
/// is that of the whole text, as in char-rnn.
/// </summary>
public sealed class CharacterTask
{
    private readonly long[] _tokens;

    /// <summary>The task on a text.</summary>
    /// <param name="corpus">The text.</param>
    /// <param name="validationFraction">The part that is held out, in (0, 1).</param>
    /// <param name="split">Where it is taken from.</param>
    /// <param name="streams">The batch size, which <see cref="TextSplit.PerStream"/> cuts the text by.</param>
    /// <param name="vocabulary">The vocabulary of a saved run, or null for the text's own.</param>
    /// <exception cref="UserException">The text has characters that the given vocabulary lacks.</exception>
    public CharacterTask(TextCorpus corpus, double validationFraction, TextSplit split = TextSplit.End, int streams = 1, Vocabulary? vocabulary = null)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        Corpus = corpus;
        Vocabulary = vocabulary ?? Vocabulary.OfCharacters(corpus.Characters);
        _tokens = Vocabulary.Encode(corpus.Characters, corpus.Source);
        if (split == TextSplit.End)
        {
            var cut = (int)(_tokens.Length * (1 - validationFraction));
            (Training, Validation) = ([_tokens.AsMemory(0, cut)], [_tokens.AsMemory(cut)]);
        }
        else
        {
            // A part ends with the first token of the next one, which is the target of its last input.
            var length = (_tokens.Length - 1) / streams;
            var cut = (int)(length * (1 - validationFraction));
            Training = [.. Enumerable.Range(0, streams).Select(b => (ReadOnlyMemory<long>)_tokens.AsMemory(b * length, cut + 1))];
            Validation = [.. Enumerable.Range(0, streams).Select(b => (ReadOnlyMemory<long>)_tokens.AsMemory(b * length + cut, length - cut + 1))];
        }
    }

    /// <summary>The text.</summary>
    public TextCorpus Corpus { get; }

    /// <summary>Its characters.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>The stretches of tokens to train on: one, or one for each stream.</summary>
    public IReadOnlyList<ReadOnlyMemory<long>> Training { get; }

    /// <summary>The stretches of tokens that are held out.</summary>
    public IReadOnlyList<ReadOnlyMemory<long>> Validation { get; }

    /// <summary>Requires one chunk of <paramref name="steps"/> for each of <paramref name="batch"/> streams to train on, and two characters a stretch to validate on.</summary>
    /// <exception cref="UserException">The text is too short; says how much is needed.</exception>
    public void RequireLength(int batch, int steps)
    {
        var (have, needed) = (Training.Sum(part => Math.Max(0, part.Length - 1)), (long)batch * steps);
        if (have < needed || Training.Any(part => part.Length - 1 < steps))
            throw new UserException($"{Corpus.Source}: the text is too short: {have} characters to train on, batch_size {batch} × k1 {steps} = {needed} are needed");
        if (Validation.Any(part => part.Length < 2))
            throw new UserException($"{Corpus.Source}: the text is too short for its validation_fraction: {Validation.Min(part => part.Length)} characters to validate on, 2 are needed");
    }
}
