using RnnLab.Experiments.Configuration;
using RnnLab.Tasks;

namespace RnnLab.Experiments;

/// <summary>A task of the <see cref="TaskCatalogue"/>.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Values">Its settings.</param>
public sealed record ExampleTaskConfig(TaskKind Kind, TaskValues Values) : TaskConfig
{
    /// <inheritdoc/>
    public override string Name => Kind.Name;

    internal override IReadOnlyList<string> Paths => [.. Kind.Settings.OfType<FileSetting>().Select(setting => setting.Name)];

    internal static ExampleTaskConfig Read(ConfigSection section, TaskKind kind, ulong seed)
        => new(kind, new TaskValues(kind.Settings.ToDictionary(setting => setting.Name, setting => Value(section, setting)), seed, section.Location));

    internal override ConfigTree ToTree()
    {
        var tree = new ConfigTree { { "name", Name } };
        foreach (var setting in Kind.Settings)
            tree.Add(setting.Name, Values.All[setting.Name]);
        return tree;
    }

    private static object? Value(ConfigSection section, TaskSetting setting) => setting switch
    {
        IntegerSetting s => section.Long(s.Name, s.Default, s.Min, s.Max),
        NumberSetting s => section.Number(s.Name, s.Default, s.Min, s.Max),
        WordSetting s => section.Choice(s.Name, s.Default, s.Allowed),
        FlagSetting s => section.Flag(s.Name, s.Default),
        FileSetting s => s.Required ? section.RequiredPath(s.Name) : section.OptionalPath(s.Name),
        TextSetting s => section.OptionalText(s.Name),
        TextsSetting s => section.Texts(s.Name),
        IntegersSetting s => section.Has(s.Name) ? section.Integers(s.Name, s.Min, s.Max) : s.Default,
        _ => throw new NotSupportedException($"{setting.Name} is of no kind that a config can have"),
    };
}
