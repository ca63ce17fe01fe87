using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Generated;

/// <summary>Tasks of the catalogue's kinds with some settings, the others as they are by default.</summary>
internal static class TaskMaking
{
    public static ExampleTask Make(this TaskKind kind, params (string Name, object Value)[] settings) => kind.MakeWithSeed(3, settings);

    public static ExampleTask MakeWithSeed(this TaskKind kind, ulong seed, params (string Name, object Value)[] settings) => kind.Create(kind.Values(seed, settings), null);

    public static TaskValues Values(this TaskKind kind, ulong seed, params (string Name, object Value)[] settings)
    {
        var values = kind.Settings.ToDictionary(setting => setting.Name, Default);
        foreach (var (name, value) in settings)
            values[values.ContainsKey(name) ? name : throw new ArgumentException(name)] = value is int number ? (long)number : value;
        return new(values, seed, name => $"x.yaml:1: task.{name}");
    }

    public static long[] Input(this Example example) => ((TokenSteps)example.Input).Values;

    public static long[] Target(this Example example) => ((TokenSteps)example.Target).Values;

    public static double[] RealInput(this Example example) => ((RealSteps)example.Input).Values;

    public static double[] RealTarget(this Example example) => ((RealSteps)example.Target).Values;

    public static IEnumerable<Example> First(this IExamples examples, int count) => Enumerable.Range(0, count).Select(i => examples[i]);

    /// <summary>All of a part, of which there is a count.</summary>
    public static IEnumerable<Example> All(this IExamples examples) => examples.First(checked((int)examples.Count!.Value));

    /// <summary>The lines of an example of a task of pairs of lines by character.</summary>
    public static (string Source, string Target) Lines(this ExampleTask task, Example example)
        => (string.Concat(example.Input().Select(task.InputVocabulary!.Decode)), string.Concat(example.Target().Select(task.TargetVocabulary!.Decode)));

    public static double Baseline(this ExampleTask task, string name) => task.Baselines.Single(baseline => baseline.Name == name).Loss;

    private static object? Default(TaskSetting setting) => setting switch
    {
        IntegerSetting integer => integer.Default,
        NumberSetting number => number.Default,
        WordSetting word => word.Default,
        FlagSetting flag => flag.Default,
        _ => null,
    };
}
