using System.IO.Compression;
using System.Text;
using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Readers;

/// <summary>Small data files, and the tasks that are made of them with all other settings as they are by default.</summary>
public abstract class DataFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    internal string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    internal string Write(string name, params byte[] bytes)
    {
        File.WriteAllBytes(_folder.File(name), bytes);
        return _folder.File(name);
    }

    internal static byte[] Zip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    internal static TaskValues Values(TaskKind kind, params (string Name, object Value)[] given) => Values(kind, 1, given);

    internal static TaskValues Values(TaskKind kind, ulong seed, params (string Name, object Value)[] given)
    {
        var values = kind.Settings.ToDictionary(setting => setting.Name, Default);
        foreach (var (name, value) in given)
            values[name] = values.ContainsKey(name) ? value : throw new ArgumentException($"{kind.Name} has no setting {name}");
        return new(values, seed, name => $"x.yaml: task.{name}");
    }

    internal static ExampleTask Task(TaskKind kind, params (string Name, object Value)[] given) => kind.Create(Values(kind, given), null);

    /// <summary>The one line of a refusal, after the folder's path.</summary>
    internal string Refusal(TaskKind kind, params (string Name, object Value)[] given)
        => Assert.Throws<UserException>(() => Task(kind, given)).Message.Replace(_folder.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);

    internal static long[] Input(IExamples examples, long index) => ((TokenSteps)examples[index].Input).Values;

    internal static long[] Target(IExamples examples, long index) => ((TokenSteps)examples[index].Target).Values;

    internal static double[] Reals(StepValues steps) => ((RealSteps)steps).Values;

    /// <summary>An example's symbols: input > target.</summary>
    internal static string Shown(ExampleTask task, IExamples examples, long index)
        => $"{string.Join(' ', Input(examples, index).Select(task.InputVocabulary!.Decode))} > {string.Join(' ', Target(examples, index).Select(task.TargetVocabulary!.Decode))}";

    internal static string[] Shown(ExampleTask task, IExamples examples) => [.. Enumerable.Range(0, (int)examples.Count!).Select(i => Shown(task, examples, i))];

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private static object? Default(TaskSetting setting) => setting switch
    {
        IntegerSetting s => s.Default,
        NumberSetting s => s.Default,
        WordSetting s => s.Default,
        FlagSetting s => s.Default,
        TextsSetting => Array.Empty<string>(),
        IntegersSetting s => s.Default,
        _ => null,
    };
}
