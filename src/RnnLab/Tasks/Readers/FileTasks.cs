namespace RnnLab.Tasks;

/// <summary>The tasks of data that are read from files.</summary>
public static class FileTasks
{
    /// <summary>Their kinds.</summary>
    public static IReadOnlyList<TaskKind> All { get; } =
    [
        TabSeparatedPairs.Kind, LabelledText.Kind, UniversalDependencies.Kind, FileSeriesTask.Kind, IdxImages.Kind, PronouncingDictionary.Kind, PianoRolls.Kind,
    ];
}
