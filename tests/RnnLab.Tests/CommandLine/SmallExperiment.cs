using RnnLab.Experiments.Runs;
using RnnLab.Randomness;

namespace RnnLab.Tests.CommandLine;

/// <summary>A folder with a text of four thousand characters and the config of a model that trains on it in a fraction of a second.</summary>
public sealed class SmallExperiment : IDisposable
{
    /// <summary>The config's file in <see cref="Path"/>.</summary>
    public const string Config = "small.yaml";

    /// <summary>The updates that the config asks for.</summary>
    public const int Steps = 24;

    private static readonly string[] Words = "the quick brown fox jumps over a lazy dog and runs from night to dawn".Split(' ');
    private readonly TemporaryFolder _folder = new();

    public SmallExperiment()
    {
        File.WriteAllText(PathOf("text.txt"), NewText());
        File.WriteAllText(PathOf(Config), $$"""
            seed: 3
            threads: 1
            task: {text: text.txt, validation_fraction: 0.1}
            model: {cell: lstm, hidden_size: 16, num_layers: 2, dropout: 0.3, embedding_size: 8}
            training:
              steps: {{Steps}}
              batch_size: 4
              k1: 8
              k2: 20
              optimizer: {name: adam, learning_rate: 1e-2}
              clip_norm: 5
              log_interval: 2
              checkpoint_interval: 3
            evaluation: {interval: 8, batch_size: 4, sample_length: 40}
            """);
    }

    public string Path => _folder.Path;

    /// <summary>A path in the folder.</summary>
    public string PathOf(string name) => _folder.File(name);

    /// <summary>Trains to the end.</summary>
    /// <returns>The run's folder.</returns>
    public string Train(params string[] overrides) => RunOf(Call(["train", Config, .. overrides]).Succeeded().Output);

    /// <summary>Goes on with a run to the end.</summary>
    public void Resume(string run, params string[] overrides) => Call(["train", "--resume", run, .. overrides]).Succeeded();

    internal ProgramResult Call(params string[] arguments) => RnnlabProgram.Run(Path, arguments);

    internal RnnlabProgram Start(params string[] arguments) => RnnlabProgram.Start(Path, arguments);

    /// <summary>The run's folder, from what the program printed.</summary>
    public static string RunOf(string output) => output.Split('\n').First(IsRunLine).Split(',')[0].Trim()["run ".Length..];

    /// <summary>Whether a line of the output is the one that names the run's folder.</summary>
    public static bool IsRunLine(string line) => line.StartsWith("run ", StringComparison.Ordinal);

    /// <summary>A copy of a run, to damage.</summary>
    public string CopyOf(string run)
    {
        var copy = Directory.CreateDirectory(PathOf($"copy-{Guid.NewGuid():n}")).FullName;
        foreach (var file in Directory.EnumerateFiles(run, "*", SearchOption.AllDirectories))
        {
            var target = System.IO.Path.Combine(copy, System.IO.Path.GetRelativePath(run, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return copy;
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Requires two runs to agree, bit for bit, in all but their times.</summary>
    public static void RequireEqual(string expected, string actual)
    {
        var (a, b) = (MetricsReader.Merge(RunDirectory.Open(expected)), MetricsReader.Merge(RunDirectory.Open(actual)));
        Assert.Equal(a.Select(row => row.Step), b.Select(row => row.Step));
        foreach (var (row, other) in a.Zip(b))
            Assert.True(row.EqualsExceptTimes(other), $"step {row.Step}:\n{row}\n{other}");
        // The checkpoints' JSON has the SHA-256 of the tensors' files, so these are equal too.
        foreach (var folder in new[] { "checkpoints", "samples" })
            Assert.Equal(Contents(System.IO.Path.Combine(expected, folder)), Contents(System.IO.Path.Combine(actual, folder)));
    }

    private static SortedDictionary<string, string> Contents(string folder)
        => new(Directory.EnumerateFiles(folder).ToDictionary(f => System.IO.Path.GetFileName(f), f => Convert.ToHexString(File.ReadAllBytes(f))));

    private static string NewText()
    {
        var stream = new RandomStream(1, "words");
        var lines = Enumerable.Range(0, 110).Select(line =>
            string.Join(' ', Enumerable.Range(0, 8).Select(i => Words[(int)(stream.Uniform((ulong)line, (ulong)i) * Words.Length)])) + ".\n");
        return string.Concat(lines);
    }
}
