using System.Text.Json;
using System.Text.Json.Serialization;
using RnnLab.Experiments.Runs;
using RnnLab.Tasks;

namespace RnnLab.Experiments;

/// <summary>The <c>task.json</c> of a run whose data come from files.</summary>
internal static class TaskRecordFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <exception cref="RunException">The file cannot be written.</exception>
    public static void Write(RunDirectory run, TaskRecord record) => AtomicFile.WriteText(run.RecordPath("task"), JsonSerializer.Serialize(record, Options) + "\n");

    /// <summary>A run's record; null where its task has none.</summary>
    /// <exception cref="RunException">It is damaged.</exception>
    public static TaskRecord? Read(RunDirectory run)
    {
        var path = run.RecordPath("task");
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize<TaskRecord>(File.ReadAllText(path), Options) is { Sha256: not null, Vocabularies: not null, Numbers: not null } record
                ? record
                : throw new JsonException("a part is missing");
        }
        catch (JsonException exception)
        {
            throw new RunException($"{path}: this record of the task's data is damaged: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"{path}: cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>A task with its data.</summary>
    /// <param name="task">Its config.</param>
    /// <param name="record">What a run kept of them; null for a new run, and where it kept nothing.</param>
    /// <param name="run">That run.</param>
    /// <exception cref="UserException">The data are not as they must be, or not those that the run was begun with.</exception>
    public static ExampleTask Open(ExampleTaskConfig task, TaskRecord? record, RunDirectory? run)
    {
        var opened = task.Kind.Create(task.Values, record);
        if (record is not null && opened.Record is { } now)
            RequireSameData(record, now, task, run!);
        return opened;
    }

    /// <exception cref="UserException">A file is not the one that the run was begun with; names it.</exception>
    private static void RequireSameData(TaskRecord saved, TaskRecord now, ExampleTaskConfig task, RunDirectory run)
    {
        foreach (var name in saved.Sha256.Keys.Union(now.Sha256.Keys))
            if (saved.Sha256.GetValueOrDefault(name) != now.Sha256.GetValueOrDefault(name))
                throw new UserException($"{task.Values.Text(name) ?? "no file"}: task.{name} is not what the run {run.Id} was begun with; start a new run");
    }
}
