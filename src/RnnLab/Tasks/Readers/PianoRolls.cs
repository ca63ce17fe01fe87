namespace RnnLab.Tasks;

/// <summary>Polyphonic music: the notes of the next step.</summary>
internal sealed class PianoRolls : ExampleTask
{
    /// <summary>The kind.</summary>
    public static TaskKind Kind { get; } = new(
        "piano_rolls",
        "polyphonic music, the next step's notes, from JSON",
        [
            "A file: {\"train\": [piece, …], \"valid\": […], \"test\": […]}, a piece an array of steps, a step an array of MIDI notes from 21 to 108 (none for silence).",
            "Input at step t: 88 bits, the notes of the piece's step t. Target: those of step t + 1; a piece of n steps has n − 1 of them.",
            "Baseline: each note's frequency in the training part as its probability, (n + 1) / (N + 2), independent of the others: the sum over the notes, in nats a step.",
        ],
        "Boulanger-Lewandowski et al. 2012",
        (values, record) => new PianoRolls(values),
        new FileSetting("file", "the pieces", true),
        new IntegerSetting("max_examples", "the first so many pieces of each part; 0: all", 0, 0, int.MaxValue),
        new IntegerSetting("max_length", "steps of a piece at most; longer ones are malformed; 0: no limit", 0, 0, int.MaxValue),
        MalformedRecords.Setting);

    private PianoRolls(TaskValues values)
    {
        var malformed = new MalformedRecords(values.Flag("skip_malformed"));
        var file = new PianoRollFile(values.Text("file")!, malformed);
        IReadOnlyList<byte[][]>? Part(string name) => file.Pieces(name, values.Integer("max_examples"), values.Integer("max_length"));
        IReadOnlyList<byte[][]> Required(string name) => Part(name) ?? throw new UserException($"{file.Path}: expected pieces in \"{name}\", it is not there");
        var (training, validation, test) = (Required("train"), Required("valid"), Part("test"));
        Training = Examples(training);
        Evaluation = [new("validation", Examples(validation)), .. test is null ? Array.Empty<ExampleSet>() : [new("test", Examples(test))]];
        Baselines = [new("note_frequencies", Frequencies(training, validation))];
        Record = new(
            new Dictionary<string, string> { ["file"] = file.Sha256 }, new Dictionary<string, IReadOnlyList<string>>(), new Dictionary<string, double[]>(), malformed.Skipped);
        Description = $"{file.Path}: {training.Count} pieces to train on, {string.Join(", ", Evaluation.Select(part => $"{part.Examples.Count} for {part.Name}"))}{malformed}";
    }

    /// <inheritdoc/>
    public override TaskShape Shape { get; } = new(new(ValueKind.Bits, PianoRollFile.Notes), new(ValueKind.Bits, PianoRollFile.Notes), TargetPlace.EachStep) { IsCausal = true };

    /// <inheritdoc/>
    public override IExamples Training { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ExampleSet> Evaluation { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Baseline> Baselines { get; }

    /// <inheritdoc/>
    public override TaskRecord Record { get; }

    /// <inheritdoc/>
    public override string Description { get; }

    private static GeneratedExamples Examples(IReadOnlyList<byte[][]> pieces)
        => new(i => new(Bits(pieces[(int)i].AsSpan()[..^1]), Bits(pieces[(int)i].AsSpan(1))), pieces.Count);

    private static RealSteps Bits(ReadOnlySpan<byte[]> steps)
    {
        var bits = new double[steps.Length * PianoRollFile.Notes];
        for (var t = 0; t < steps.Length; t++)
            foreach (var note in steps[t])
                bits[t * PianoRollFile.Notes + note] = 1;
        return new(bits, PianoRollFile.Notes);
    }

    /// <summary>The mean over the validation part's targets of Σ_k −ln p(bit k).</summary>
    private static double Frequencies(IReadOnlyList<byte[][]> training, IReadOnlyList<byte[][]> validation)
    {
        var ((sounding, total), (heard, steps)) = (Count(training), Count(validation));
        return Enumerable.Range(0, PianoRollFile.Notes).Sum(note =>
        {
            var p = (sounding[note] + 1.0) / (total + 2.0);
            return -(heard[note] * Math.Log(p) + (steps - heard[note]) * Math.Log(1 - p));
        }) / steps;
    }

    /// <summary>How often each note is a target, and how many steps are.</summary>
    private static (long[] Sounding, long Steps) Count(IReadOnlyList<byte[][]> pieces)
    {
        var sounding = new long[PianoRollFile.Notes];
        foreach (var note in pieces.SelectMany(piece => piece.Skip(1)).SelectMany(step => step))
            sounding[note]++;
        return (sounding, pieces.Sum(piece => piece.LongLength - 1));
    }
}
