using System.Globalization;

namespace RnnLab.Experiments.Configuration;

/// <summary>What a scalar is expected to be: how to read it, and how to say so when it is something else.</summary>
internal abstract record ScalarKind<T>
{
    /// <summary>The words that follow "expected".</summary>
    public abstract string Description { get; }

    public abstract bool TryRead(ScalarNode scalar, out T value);

    /// <summary>What the writer probably meant by a scalar that cannot be read; null where there is nothing to guess.</summary>
    public virtual string? Hint(ScalarNode scalar) => null;
}

internal sealed record IntegerKind(long Min, long Max) : ScalarKind<long>
{
    // The limits of the type itself are no limits that a reader needs to be told.
    public override string Description => (Min is long.MinValue or int.MinValue, Max is long.MaxValue or int.MaxValue) switch
    {
        (false, false) => $"an integer from {Min} to {Max}",
        (false, true) => $"an integer >= {Min}",
        (true, false) => $"an integer <= {Max}",
        _ => "an integer",
    };

    public override bool TryRead(ScalarNode scalar, out long value)
    {
        value = 0;
        return !scalar.Quoted && YamlScalars.IsInteger(scalar.Text)
            && long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            && value >= Min && value <= Max;
    }

    public override string? Hint(ScalarNode scalar)
    {
        var isPlain = !scalar.Quoted && YamlScalars.IsInteger(scalar.Text);
        return !isPlain && YamlScalars.PlainInteger(scalar.Text) is { } plain ? $"write {plain}"
            : isPlain && Description == "an integer" ? "too large"
            : null;
    }
}

/// <summary>A number within closed (Min, Max) and open (Above, Below) bounds, each where it is given.</summary>
internal sealed record NumberKind(double? Min, double? Max, double? Above, double? Below, bool Finite) : ScalarKind<double>
{
    public override string Description
    {
        get
        {
            if (Min is { } min && Max is { } max && Above is null && Below is null)
            {
                return string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}");
            }
            (string Sign, double? Bound)[] bounds = [(">=", Min), (">", Above), ("<=", Max), ("<", Below)];
            var given = bounds.Where(bound => bound.Bound is not null)
                .Select(bound => string.Create(CultureInfo.InvariantCulture, $"{bound.Sign} {bound.Bound}"));
            return $"a number {string.Join(" and ", given)}".TrimEnd();
        }
    }

    public override bool TryRead(ScalarNode scalar, out double value)
    {
        value = 0;
        return !scalar.Quoted && YamlScalars.TryNumber(scalar.Text, out value)
            && (!Finite || double.IsFinite(value))
            && !(value < Min) && !(value > Max) && !(value <= Above) && !(value >= Below);
    }

    public override string? Hint(ScalarNode scalar) =>
        scalar.Quoted && YamlScalars.TryNumber(scalar.Text, out _) ? "write it without quotes"
        : YamlScalars.TryNumber(scalar.Text, out var value) ? (double.IsFinite(value) || !Finite ? null : "it must be finite")
        : YamlScalars.PlainInteger(scalar.Text) is { } plain ? $"write {plain}"
        : null;
}

internal sealed record FlagKind : ScalarKind<bool>
{
    public override string Description => "true or false";

    public override bool TryRead(ScalarNode scalar, out bool value)
    {
        value = scalar.Text == "true";
        return !scalar.Quoted && YamlScalars.IsBoolean(scalar.Text);
    }

    public override string? Hint(ScalarNode scalar) => YamlScalars.LooseBoolean(scalar.Text) switch
    {
        true => "write true",
        false => "write false",
        null => null,
    };
}

internal sealed record TextKind : ScalarKind<string>
{
    public override string Description => "a text";

    public override bool TryRead(ScalarNode scalar, out string value)
    {
        value = scalar.Text;
        return !scalar.IsNull;
    }
}

internal sealed record ChoiceKind(IReadOnlyList<string> Allowed) : ScalarKind<string>
{
    public override string Description => Allowed.Count == 1 ? Allowed[0] : $"one of {string.Join(", ", Allowed)}";

    public override bool TryRead(ScalarNode scalar, out string value)
    {
        value = scalar.Text;
        return !scalar.IsNull && Allowed.Contains(scalar.Text);
    }

    public override string? Hint(ScalarNode scalar) =>
        !scalar.IsNull && Spelling.Nearest(scalar.Text, Allowed) is { } nearest ? $"did you mean {nearest}?" : null;
}

/// <summary>A path, made absolute against the folder of whoever wrote it.</summary>
internal sealed record PathKind(string Folder) : ScalarKind<string>
{
    public override string Description => "a path";

    public override bool TryRead(ScalarNode scalar, out string value)
    {
        var isPath = !scalar.IsNull && scalar.Text.Length > 0 && !scalar.Text.Contains('\0');
        value = !isPath ? "" : scalar.Origin.FromCommandLine ? Path.GetFullPath(scalar.Text) : Path.GetFullPath(scalar.Text, Folder);
        return isPath;
    }
}
