namespace RnnLab.Experiments.Configuration;

/// <content>The typed readers.</content>
public sealed partial class ConfigSection
{
    /// <summary>
    /// An integer from <paramref name="min"/> to <paramref name="max"/>, written in digits: 1e3, 5.0 and 1_000 are errors with a hint.
    /// </summary>
    public int Integer(string name, int @default, int min = int.MinValue, int max = int.MaxValue) =>
        (int)Read(name, new IntegerKind(min, max), @default);

    /// <summary>As <see cref="Integer"/>; null where the key is absent or null.</summary>
    public int? OptionalInteger(string name, int min = int.MinValue, int max = int.MaxValue) =>
        IsGiven(name) ? RequiredInteger(name, min, max) : null;

    /// <summary>As <see cref="Integer"/>, without a default.</summary>
    public int RequiredInteger(string name, int min = int.MinValue, int max = int.MaxValue) => (int)Require(name, new IntegerKind(min, max));

    /// <summary>A 64-bit integer, as <see cref="Integer"/>.</summary>
    public long Long(string name, long @default, long min = long.MinValue, long max = long.MaxValue) =>
        Read(name, new IntegerKind(min, max), @default);

    /// <summary>As <see cref="Long"/>; null where the key is absent or null.</summary>
    public long? OptionalLong(string name, long min = long.MinValue, long max = long.MaxValue) =>
        IsGiven(name) ? RequiredLong(name, min, max) : null;

    /// <summary>As <see cref="Long"/>, without a default.</summary>
    public long RequiredLong(string name, long min = long.MinValue, long max = long.MaxValue) => Require(name, new IntegerKind(min, max));

    /// <summary>
    /// A number with <paramref name="min"/> ≤ value ≤ <paramref name="max"/> and <paramref name="above"/> &lt; value &lt;
    /// <paramref name="below"/>, each where given. YAML's .inf and .nan are accepted only where <paramref name="finite"/> is false.
    /// </summary>
    public double Number(
        string name, double @default, double? min = null, double? max = null, double? above = null, double? below = null, bool finite = true) =>
        Read(name, new NumberKind(min, max, above, below, finite), @default);

    /// <summary>As <see cref="Number"/>; null where the key is absent or null.</summary>
    public double? OptionalNumber(
        string name, double? min = null, double? max = null, double? above = null, double? below = null, bool finite = true) =>
        IsGiven(name) ? RequiredNumber(name, min, max, above, below, finite) : null;

    /// <summary>As <see cref="Number"/>, without a default.</summary>
    public double RequiredNumber(
        string name, double? min = null, double? max = null, double? above = null, double? below = null, bool finite = true) =>
        Require(name, new NumberKind(min, max, above, below, finite));

    /// <summary><c>true</c> or <c>false</c>, as YAML 1.2 has them; yes, no, on and off are errors with a hint.</summary>
    public bool Flag(string name, bool @default) => Read(name, new FlagKind(), @default);

    /// <summary>A text: any scalar as it is written, quoted or not.</summary>
    public string Text(string name, string @default) => Read(name, new TextKind(), @default);

    /// <summary>As <see cref="Text"/>; null where the key is absent or null.</summary>
    public string? OptionalText(string name) => IsGiven(name) ? RequiredText(name) : null;

    /// <summary>As <see cref="Text"/>, without a default.</summary>
    public string RequiredText(string name) => Require(name, new TextKind());

    /// <summary>One of the words of <paramref name="allowed"/>.</summary>
    public string Choice(string name, string @default, params IReadOnlyList<string> allowed) => Read(name, new ChoiceKind(allowed), @default);

    /// <summary>As <see cref="Choice"/>, without a default.</summary>
    public string RequiredChoice(string name, params IReadOnlyList<string> allowed) => Require(name, new ChoiceKind(allowed));

    /// <summary>
    /// A path made absolute: against the configuration's folder where the file gives it, against the working directory where the command
    /// line does. <paramref name="default"/> is returned as it is. A ~ is not expanded.
    /// </summary>
    public string Path(string name, string @default) => Read(name, new PathKind(_document.Folder), @default);

    /// <summary>As <see cref="Path"/>; null where the key is absent or null.</summary>
    public string? OptionalPath(string name) => IsGiven(name) ? RequiredPath(name) : null;

    /// <summary>As <see cref="Path"/>, without a default.</summary>
    public string RequiredPath(string name) => Require(name, new PathKind(_document.Folder));

    /// <summary>A list of numbers, each as for <see cref="Number"/>; empty where the key is absent or null.</summary>
    public IReadOnlyList<double> Numbers(
        string name, double? min = null, double? max = null, double? above = null, double? below = null, bool finite = true) =>
        List(name, new NumberKind(min, max, above, below, finite));

    /// <summary>A list of integers, each as for <see cref="Long"/>; empty where the key is absent or null.</summary>
    public IReadOnlyList<long> Integers(string name, long min = long.MinValue, long max = long.MaxValue) => List(name, new IntegerKind(min, max));

    /// <summary>A list of texts; empty where the key is absent or null.</summary>
    public IReadOnlyList<string> Texts(string name) => List(name, new TextKind());

    private bool IsGiven(string name) => Ask(name)?.Value is not (null or ScalarNode { IsNull: true });

    private T Read<T>(string name, ScalarKind<T> kind, T @default) => Ask(name) is { } entry ? Convert(name, entry.Value, kind) : @default;

    private T Require<T>(string name, ScalarKind<T> kind) =>
        Ask(name) is { } entry ? Convert(name, entry.Value, kind) : throw Error(name, $"this key is required; expected {kind.Description}");

    private IReadOnlyList<T> List<T>(string name, ScalarKind<T> kind)
    {
        if (!IsGiven(name))
        {
            return [];
        }
        var value = Find(name)!.Value;
        var items = value as ListNode ?? throw Unexpected(name, value, $"a list, each item {kind.Description}");
        return [.. items.Items.Select((item, index) => Convert($"{name}[{index}]", item, kind))];
    }

    private T Convert<T>(string name, ConfigNode node, ScalarKind<T> kind) =>
        node is ScalarNode scalar
            ? kind.TryRead(scalar, out var value) ? value : throw Unexpected(name, node, kind.Description, kind.Hint(scalar))
            : throw Unexpected(name, node, kind.Description);
}
