namespace RnnLab.Tasks;

/// <summary>Every kind of task with examples that a config can name. (Language models of running text, char_lm and word_lm, are apart.)</summary>
public static class TaskCatalogue
{
    /// <summary>The kinds, family by family.</summary>
    public static IReadOnlyList<TaskKind> All { get; } = [.. ClassicalTasks.All, .. PatternTasks.All, .. FileTasks.All];

    /// <summary>The kind of a name, or null.</summary>
    public static TaskKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);
}
