using RnnLab.Cells;
using RnnLab.Experiments.Configuration;
using RnnLab.Recurrence;

namespace RnnLab.Experiments;

/// <summary>Keys of the <c>model</c> section that say what its recurrence is.</summary>
/// <param name="Cell">A name of the <see cref="CellCatalogue"/>.</param>
/// <param name="CellOptions">The value of each option that the cell takes.</param>
/// <param name="HiddenSize">H of every layer.</param>
/// <param name="NumLayers">Layers.</param>
/// <param name="Bias">Whether the recurrence has biases; true for a cell that has its own in their place.</param>
/// <param name="Stack">Dropout and what else a stack has beside its cells.</param>
/// <param name="Initialization">How parameters start.</param>
public sealed record RecurrenceConfig(
    string Cell, IReadOnlyDictionary<string, object> CellOptions, int HiddenSize, int NumLayers, bool Bias, StackConfig Stack, Initialization Initialization)
{
    /// <summary>A cell of this kind and size.</summary>
    public Cell NewCell() => CellCatalogue.Of(Cell).NewCell(HiddenSize, CellOptions);

    internal static RecurrenceConfig Read(ConfigSection section)
    {
        var kind = CellCatalogue.Of(section.Choice("cell", "lstm", [.. CellCatalogue.All.Select(k => k.Name)]));
        var hidden = section.Integer("hidden_size", 128, min: 1, max: 65536);
        var options = ReadOptions(section, kind, hidden);
        var cell = kind.NewCell(hidden, options);
        if (!cell.HasProjectionBiases && section.Keys.Contains("bias"))
            throw section.Error("bias", $"cell {kind.Name} has biases of its own in the place of the projections', which cannot be left out");
        var bias = !cell.HasProjectionBiases || section.Flag("bias", true);
        return new(
            kind.Name, options, hidden, section.Integer("num_layers", 1, min: 1, max: 1024), bias, StackConfig.Read(section, cell),
            ReadInitialization(section.Section("init"), kind, cell, bias));
    }

    /// <summary>Adds its keys but the initialisation's.</summary>
    internal void AddTo(ConfigTree tree)
    {
        tree.Add("cell", Cell);
        foreach (var (name, value) in CellOptions)
            tree.Add(name, value);
        tree.Add("hidden_size", HiddenSize);
        tree.Add("num_layers", NumLayers);
        if (NewCell().HasProjectionBiases)
            tree.Add("bias", Bias);
        Stack.AddTo(tree);
    }

    private static Dictionary<string, object> ReadOptions(ConfigSection section, CellKind kind, int hidden)
    {
        var options = kind.Options.ToDictionary(option => option.Name, option => option switch
        {
            WordOption word => section.Choice(word.Name, word.Default, word.Allowed),
            IntegerOption integer => (object)section.Integer(integer.Name, integer.Default, integer.Min, integer.MaxFor(hidden)),
            _ => throw new NotSupportedException($"{option.Name} is of no kind that a config can have"),
        });
        // Another cell's option, of which more can be said than that the key is unknown.
        var others = CellCatalogue.All.SelectMany(k => k.Options).Select(option => option.Name).Except(options.Keys);
        return section.Keys.Intersect(others).FirstOrDefault() is { } foreign ? throw section.Error(foreign, kind.Lacks) : options;
    }

    private static Initialization ReadInitialization(ConfigSection init, CellKind kind, Cell cell, bool bias)
    {
        var start = Initialization.Of(kind);
        var recurrent = Enum.Parse<RecurrentStart>(init.Choice("recurrent", Word(start.Recurrent), [.. Enum.GetValues<RecurrentStart>().Select(Word)]), ignoreCase: true);
        if (recurrent != RecurrentStart.Identity && init.Keys.Contains("recurrent_scale"))
            throw init.Error("recurrent_scale", $"only with recurrent: identity, not {Word(recurrent)}");
        var read = new Initialization
        {
            Range = init.OptionalNumber("range", above: 0, max: TrainingConfig.Largest),
            Recurrent = recurrent,
            RecurrentScale = recurrent == RecurrentStart.Identity ? init.Number("recurrent_scale", 1, min: -TrainingConfig.Largest, max: TrainingConfig.Largest) : 1,
            ZeroBias = bias && cell.HasProjectionBiases && init.Choice("bias", start.ZeroBias ? "zero" : "uniform", "uniform", "zero") == "zero",
            ForgetBias = init.OptionalNumber("forget_bias", min: -TrainingConfig.Largest, max: TrainingConfig.Largest),
            Chrono = init.OptionalInteger("chrono", min: 3),
        };
        return read.Misfit(cell, bias) is { } misfit ? throw init.Error(misfit.Key, misfit.Problem) : read;
    }

    /// <summary>The init section.</summary>
    internal ConfigTree InitializationTree()
    {
        var cell = NewCell();
        var tree = new ConfigTree { { "range", Initialization.Range }, { "recurrent", Word(Initialization.Recurrent) } };
        if (Initialization.Recurrent == RecurrentStart.Identity)
            tree.Add("recurrent_scale", Initialization.RecurrentScale);
        if (Bias && cell.HasProjectionBiases)
            tree.Add("bias", Initialization.ZeroBias ? "zero" : "uniform");
        if (cell.ForgetGate is not null)
            tree.Add("forget_bias", Initialization.ForgetBias);
        if (cell.MemoryGate is not null)
            tree.Add("chrono", Initialization.Chrono);
        return tree;
    }

    private static string Word(RecurrentStart start) => start.ToString().ToLowerInvariant();
}
