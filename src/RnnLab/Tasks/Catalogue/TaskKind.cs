namespace RnnLab.Tasks;

/// <summary>A kind of task as configs name it: what it is, where it comes from, which settings it takes, and how to make one.</summary>
/// <param name="Name">The name that configs use, task.name.</param>
/// <param name="Summary">What it is, in one line.</param>
/// <param name="Definition">Its exact definition in plain text, a line each: inputs, targets, lengths, and the level of a memoryless answer.</param>
/// <param name="Source">The paper: authors and year; or the file format's name.</param>
/// <param name="Create">Makes the task; with the record of a saved run, whose vocabularies and scales then hold. Reads files whole or refuses them in one line.</param>
/// <param name="Settings">The settings that it takes.</param>
public sealed record TaskKind(
    string Name, string Summary, IReadOnlyList<string> Definition, string Source, Func<TaskValues, TaskRecord?, ExampleTask> Create, params IReadOnlyList<TaskSetting> Settings)
{
    /// <summary>For tasks whose examples are lines of text: how lines become sequences, by a saved run's record alone, without its data. Null for others.</summary>
    public Func<TaskValues, TaskRecord?, PairText>? Text { get; init; }
}
