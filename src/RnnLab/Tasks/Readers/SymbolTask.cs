namespace RnnLab.Tasks;

/// <summary>A task of files whose records are pairs of symbol sequences.</summary>
internal sealed class SymbolTask : ExampleTask
{
    private readonly SymbolFormat _format;
    private readonly Vocabulary _input;
    private readonly Vocabulary _target;
    private readonly SymbolExamples _training;
    private readonly List<(string Name, SymbolExamples Examples)> _evaluation = [];
    private readonly Lazy<IReadOnlyList<Baseline>> _baselines;

    /// <summary>Reads the files.</summary>
    /// <param name="values">The settings of <see cref="SymbolFormat.Settings"/> and the format's own.</param>
    /// <param name="format">What the files are.</param>
    /// <param name="record">A saved run's record, or null.</param>
    /// <param name="kept">Of how many bytes a file is kept in memory.</param>
    /// <exception cref="UserException">A file is not what its format says; or has symbols that the vocabulary lacks.</exception>
    public SymbolTask(TaskValues values, SymbolFormat format, TaskRecord? record, long kept = RecordFile.KeptBytes)
    {
        _format = format;
        var malformed = new MalformedRecords(values.Flag("skip_malformed"));
        SymbolRecords? Read(string option) => values.Text(option) is { } path
            ? new(path, format, malformed, values.Integer("max_examples"), values.Integer("max_length"), kept)
            : null;
        var (file, validation, test) = (Read("file")!, Read("validation_file"), Read("test_file"));
        var (training, heldOut) = validation is null ? HeldOutLines.Split(file.Keys, values.Number("validation_fraction"), values.Seed, file.File.Path) : (file.All, []);
        _training = new(file, training, Encode);
        _evaluation.Add(("validation", validation is null ? new(file, heldOut, Encode) : new(validation, validation.All, Encode)));
        if (test is not null)
            _evaluation.Add(("test", new(test, test.All, Encode)));
        (_input, _target) = record is null ? NewVocabularies() : (record.Vocabulary("input"), record.Vocabulary("target"));
        foreach (var part in _evaluation.Select(part => part.Examples).Prepend(_training))
            RequireKnown(part);
        Shape = new(new(ValueKind.Tokens, _input.Size), new(ValueKind.Tokens, _target.Size), format.Place);
        _baselines = new(() => format.Target is null ? [Frequencies()] : []);
        (string Option, SymbolRecords? Records)[] files = [("file", file), ("validation_file", validation), ("test_file", test)];
        Record = new(
            files.Where(f => f.Records is not null).ToDictionary(f => f.Option, f => f.Records!.File.Sha256),
            new Dictionary<string, IReadOnlyList<string>> { ["input"] = _input.Symbols, ["target"] = _target.Symbols }, new Dictionary<string, double[]>(), malformed.Skipped);
        var others = string.Join(", ", _evaluation.Select(part => $"{part.Examples.Count} for {part.Name}"));
        Description = $"{file.File.Path}: {training.Length} {format.Unit} to train on, {others}; "
            + $"{_input.Size} input symbols, {_target.Size} target symbols{malformed}";
    }

    /// <inheritdoc/>
    public override TaskShape Shape { get; }

    /// <inheritdoc/>
    public override IExamples Training => _training;

    /// <inheritdoc/>
    public override IReadOnlyList<ExampleSet> Evaluation => [.. _evaluation.Select(part => new ExampleSet(part.Name, part.Examples))];

    /// <inheritdoc/>
    public override IReadOnlyList<Baseline> Baselines => _baselines.Value;

    /// <inheritdoc/>
    public override Vocabulary InputVocabulary => _input;

    /// <inheritdoc/>
    public override Vocabulary TargetVocabulary => _target;

    /// <inheritdoc/>
    public override PairText? Text => _format.Text?.Invoke(_input, _target);

    /// <inheritdoc/>
    public override TaskRecord Record { get; }

    /// <inheritdoc/>
    public override string Description { get; }

    private (Vocabulary Input, Vocabulary Target) NewVocabularies()
    {
        var (inputs, targets) = (new SymbolCounts(), new SymbolCounts());
        foreach (var pair in _training.Pairs())
        {
            inputs.Add(pair.Input);
            targets.Add(pair.Target);
        }
        return (_format.Input.Vocabulary(inputs.Counts), _format.Target?.Targets(targets.Counts) ?? new VocabularyLimits().Vocabulary(targets.Counts));
    }

    private Example Encode(SymbolPair pair, Func<int, string> where)
    {
        if (_format.Target is not null)
            return new(new TokenSteps(_input.Encode(pair.Input, where(0))), new TokenSteps(_target.Encode(pair.Target, where(0))));
        var labels = new long[pair.Target.Count];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = _target.Find(pair.Target[i])
                ?? throw new UserException($"{where(pair.TargetLines?[i] ?? 0)}: the label \"{pair.Target[i]}\" is not in the training part, which has {Shown(_target)}");
        return new(new TokenSteps(_input.Encode(pair.Input, where(0))), new TokenSteps(labels));
    }

    private static string Shown(Vocabulary labels)
        => string.Join(", ", labels.Symbols.Take(20)) + (labels.Size > 20 ? $" and {labels.Size - 20} more" : "");

    private static void RequireKnown(SymbolExamples examples)
    {
        for (var i = 0L; i < examples.Count; i++)
            _ = examples[i];
    }

    /// <summary>The labels' frequencies in the training part, of N, as their probabilities: p(k) = (n_k + 1) / (N + K), whatever the input.</summary>
    private Baseline Frequencies()
    {
        var counts = new double[_target.Size];
        Array.Fill(counts, 1);
        foreach (var label in Labels(_training))
            counts[label]++;
        var total = counts.Sum();
        return new("frequencies", Labels(_evaluation[0].Examples).Average(label => -Math.Log(counts[label] / total)));
    }

    private IEnumerable<long> Labels(SymbolExamples examples) => examples.Pairs().SelectMany(pair => pair.Target).Select(label => _target.Find(label)!.Value);
}
