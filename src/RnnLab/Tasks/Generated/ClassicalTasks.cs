namespace RnnLab.Tasks;

/// <summary>The classical tasks of long lags and of formal languages.</summary>
public static class ClassicalTasks
{
    /// <summary>Their kinds.</summary>
    public static IReadOnlyList<TaskKind> All { get; } =
    [
        AddingTask.Kind, MultiplicationTask.Kind, TemporalOrderTask.Kind, ReberTask.Kind, LongLagTask.Kind, CopyTask.Kind,
        CountingTask.ContextFree, CountingTask.ContextSensitive, DyckTask.Kind, ParityTask.Kind, RightContextTask.Kind,
    ];
}
