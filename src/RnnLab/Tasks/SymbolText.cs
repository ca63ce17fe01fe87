namespace RnnLab.Tasks;

/// <summary>A text's symbols in order.</summary>
internal sealed class SymbolText
{
    private readonly TextCorpus _corpus;
    private readonly TextSymbols _symbols;
    private readonly IReadOnlyList<string>? _words;

    /// <summary>Splits a text.</summary>
    public SymbolText(TextCorpus corpus, TextSymbols symbols)
        => (_corpus, _symbols, _words) = (corpus, symbols, symbols.Level == TextLevel.Word ? symbols.Split(corpus.Text()) : null);

    /// <summary>How many there are.</summary>
    public int Length => _words?.Count ?? _corpus.Characters.Length;

    /// <summary>The vocabulary that the limits give: over some stretches, or, of characters without limits, over the whole text and another one.</summary>
    public Vocabulary NewVocabulary(IEnumerable<Range> stretches, SymbolText? other)
    {
        if (_words is null && _symbols.Limits.IsOpen)
            return Vocabulary.OfCharacters([.. _corpus.Characters, .. other?._corpus.Characters ?? []]);
        var counts = new SymbolCounts();
        foreach (var stretch in stretches)
        {
            var (first, count) = stretch.GetOffsetAndLength(Length);
            counts.Add(Enumerable.Range(first, count).Select(i => _words?[i] ?? _corpus.Characters[i].ToString()));
        }
        return _words is not null && _symbols.EndsLines ? _symbols.Limits.Vocabulary(counts.Counts, Vocabulary.End) : _symbols.Limits.Vocabulary(counts.Counts);
    }

    /// <summary>The symbols' tokens.</summary>
    /// <exception cref="UserException">There are symbols that the vocabulary lacks, and it has no <see cref="Vocabulary.Unknown"/>.</exception>
    public long[] Encode(Vocabulary vocabulary) => _words is null ? vocabulary.Encode(_corpus.Characters, _corpus.Source) : vocabulary.Encode(_words, _corpus.Source);
}
