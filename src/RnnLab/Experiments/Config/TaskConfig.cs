using RnnLab.Experiments.Configuration;
using RnnLab.Tasks;

namespace RnnLab.Experiments;

/// <summary>The <c>task</c> section.</summary>
public abstract record TaskConfig
{
    /// <summary>The task's name.</summary>
    public abstract string Name { get; }

    internal static TaskConfig Read(ConfigSection section, ulong seed)
    {
        var name = section.Choice("name", TextTaskConfig.Names[0], [.. TextTaskConfig.Names, .. TaskCatalogue.All.Select(kind => kind.Name)]);
        return TaskCatalogue.Find(name) is { } kind ? ExampleTaskConfig.Read(section, kind, seed) : TextTaskConfig.Read(section, name);
    }

    /// <summary>Keys of the section that may change when a run is resumed: where data are, which are told by their hash.</summary>
    internal abstract IReadOnlyList<string> Paths { get; }

    internal abstract ConfigTree ToTree();
}
