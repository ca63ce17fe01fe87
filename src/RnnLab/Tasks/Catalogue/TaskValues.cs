namespace RnnLab.Tasks;

/// <summary>The settings of a task as a config gives them, every one of its kind's, within their ranges.</summary>
/// <param name="values">Values by name, of the types that the settings say.</param>
/// <param name="seed">The experiment's seed.</param>
/// <param name="where">Where a setting is given, for messages: x.yaml:12: task.file.</param>
public sealed class TaskValues(IReadOnlyDictionary<string, object?> values, ulong seed, Func<string, string> where)
{
    /// <summary>The experiment's seed, of all streams.</summary>
    public ulong Seed => seed;

    /// <summary>Values by name.</summary>
    public IReadOnlyDictionary<string, object?> All => values;

    /// <summary>An <see cref="IntegerSetting"/>'s value.</summary>
    public int Integer(string name) => checked((int)(long)values[name]!);

    /// <summary>An <see cref="IntegerSetting"/>'s value, beyond 32 bits.</summary>
    public long Long(string name) => (long)values[name]!;

    /// <summary>A <see cref="NumberSetting"/>'s value.</summary>
    public double Number(string name) => (double)values[name]!;

    /// <summary>A <see cref="WordSetting"/>'s value.</summary>
    public string Word(string name) => (string)values[name]!;

    /// <summary>A <see cref="FlagSetting"/>'s value.</summary>
    public bool Flag(string name) => (bool)values[name]!;

    /// <summary>A <see cref="FileSetting"/>'s or <see cref="TextSetting"/>'s value; null where it is not given.</summary>
    public string? Text(string name) => (string?)values[name];

    /// <summary>A <see cref="TextsSetting"/>'s value.</summary>
    public IReadOnlyList<string> Texts(string name) => (IReadOnlyList<string>)values[name]!;

    /// <summary>An <see cref="IntegersSetting"/>'s value.</summary>
    public IReadOnlyList<long> Integers(string name) => (IReadOnlyList<long>)values[name]!;

    /// <summary>An error about a setting's value, for what its range cannot say: to be thrown by the caller.</summary>
    public UserException Error(string name, string problem) => new($"{where(name)}: {problem}");
}
