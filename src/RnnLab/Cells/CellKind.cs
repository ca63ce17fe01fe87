namespace RnnLab.Cells;

/// <summary>A kind of cell as configs name it: what it is, where it comes from, which options it takes, and how to make one.</summary>
public sealed class CellKind
{
    private readonly Func<long, IReadOnlyDictionary<string, object>, Cell> _make;

    internal CellKind(string name, Func<long, IReadOnlyDictionary<string, object>, Cell> make, params IReadOnlyList<CellOption> options)
        => (Name, _make, Options) = (name, make, options);

    /// <summary>The name that configs use.</summary>
    public string Name { get; }

    /// <summary>What it is, in one line.</summary>
    public required string Summary { get; init; }

    /// <summary>Its equations in plain text, a line each.</summary>
    public required IReadOnlyList<string> Equations { get; init; }

    /// <summary>The source: authors and year.</summary>
    public required string Paper { get; init; }

    /// <summary>The options that it takes.</summary>
    public IReadOnlyList<CellOption> Options { get; }

    /// <summary>Whether, unless an initialisation says otherwise, W_hh starts as the identity and the biases at 0.</summary>
    public bool StartsAsIdentity { get; init; }

    /// <summary>A cell of this kind.</summary>
    /// <param name="hiddenSize">H.</param>
    /// <param name="options">Values of its options, an int or a string each; those that are not given have their defaults.</param>
    /// <exception cref="ArgumentException">There is no such option, or a value is not what the option allows; says what there is.</exception>
    public Cell NewCell(long hiddenSize, IReadOnlyDictionary<string, object>? options = null)
    {
        var all = Options.ToDictionary(option => option.Name, option => option.DefaultValue);
        foreach (var (name, value) in options ?? new Dictionary<string, object>())
        {
            var option = Options.FirstOrDefault(o => o.Name == name) ?? throw new ArgumentException($"{name}: {Lacks}", nameof(options));
            all[name] = option.Allows(value, hiddenSize)
                ? value
                : throw new ArgumentException($"{name}: expected {option.Expected(hiddenSize)}, got {value}", nameof(options));
        }
        return _make(hiddenSize, all);
    }

    /// <summary>What to say of an option that it does not take.</summary>
    internal string Lacks => $"cell {Name} has no such option; it has: {(Options.Count == 0 ? "(none)" : string.Join(", ", Options.Select(o => o.Name)))}";
}
