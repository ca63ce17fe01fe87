namespace RnnLab.Cells;

/// <summary>A choice that a kind of cell leaves, by the name that configs use.</summary>
/// <param name="Name">The key, such as nonlinearity.</param>
/// <param name="Meaning">What it does.</param>
public abstract record CellOption(string Name, string Meaning)
{
    /// <summary>The value unless one is given.</summary>
    public abstract object DefaultValue { get; }

    /// <summary>What a value may be, in words, for cells of a size.</summary>
    /// <param name="hiddenSize">H, or null for any.</param>
    public abstract string Expected(long? hiddenSize = null);

    internal abstract bool Allows(object value, long hiddenSize);
}

/// <summary>One of a few words.</summary>
/// <param name="Name">The key.</param>
/// <param name="Meaning">What it does.</param>
/// <param name="Default">The word unless one is given.</param>
/// <param name="Allowed">The words.</param>
public sealed record WordOption(string Name, string Meaning, string Default, IReadOnlyList<string> Allowed) : CellOption(Name, Meaning)
{
    /// <inheritdoc/>
    public override object DefaultValue => Default;

    /// <inheritdoc/>
    public override string Expected(long? hiddenSize = null) => $"one of {string.Join(", ", Allowed)}";

    internal override bool Allows(object value, long hiddenSize) => value is string word && Allowed.Contains(word);
}

/// <summary>An integer in a range.</summary>
/// <param name="Name">The key.</param>
/// <param name="Meaning">What it does.</param>
/// <param name="Default">The number unless one is given.</param>
/// <param name="Min">The least.</param>
/// <param name="Max">The most; null for hidden_size − 1.</param>
public sealed record IntegerOption(string Name, string Meaning, int Default, int Min, int? Max) : CellOption(Name, Meaning)
{
    /// <inheritdoc/>
    public override object DefaultValue => Default;

    /// <summary>The most for cells of a size.</summary>
    public int MaxFor(long hiddenSize) => Max ?? (int)Math.Min(hiddenSize - 1, int.MaxValue);

    /// <inheritdoc/>
    public override string Expected(long? hiddenSize = null)
        => $"an integer from {Min} to {(hiddenSize is { } H ? MaxFor(H).ToString() : Max?.ToString() ?? "hidden_size - 1")}";

    internal override bool Allows(object value, long hiddenSize) => value is int number && number >= Min && number <= MaxFor(hiddenSize);
}
