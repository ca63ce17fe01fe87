using RnnLab.Experiments;
using RnnLab.Experiments.Runs;

namespace RnnLab.Tests.CommandLine;

/// <summary>A folder with configs of small models of examples, each of which trains in a fraction of a second.</summary>
public sealed class SmallExamples : IDisposable
{
    /// <summary>A sequence pair that is generated, by an encoder–decoder with attention and a forcing schedule.</summary>
    public const string Reversal = "reversal.yaml";

    /// <summary>A sequence to one number.</summary>
    public const string Adding = "adding.yaml";

    /// <summary>A series, forced by half and let run by itself at the end.</summary>
    public const string Series = "series.yaml";

    /// <summary>Sequence pairs from a file, by an encoder–decoder without attention.</summary>
    public const string Pairs = "pairs.yaml";

    /// <summary>The updates that each config asks for.</summary>
    public const int Steps = 24;

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _runs = [], _evaluations = [];

    public SmallExamples()
    {
        Write(
            Reversal,
            "{name: reversal, symbols: 3, max_length: 4, validation_examples: 12}",
            "{name: encoder_decoder, attention: bahdanau, bidirectional: true, cell: gru, hidden_size: 12, embedding_size: 6, dropout: 0.1}",
            "{schedule: linear, c: 0.05, epsilon: 0.2}", "");
        Write(Adding, "{name: adding, length: 12, validation_examples: 20}", "{cell: lstm, hidden_size: 8}", null, "");
        Write(
            Series, "{name: sine, length: 20, validation_examples: 16}", "{cell: gru, hidden_size: 8}",
            "{schedule: constant, probability: 0.5, coin: sequence, feedback_gradient: true}", ", free_running: 6, warm_up: 8");
        Write(
            Pairs, "{name: tsv_pairs, file: pairs.tsv, test_file: test.tsv}",
            "{name: encoder_decoder, attention: none, cell: gru, hidden_size: 12, embedding_size: 6}", null, "");
        string[] words = ["one", "two", "three"];
        string[] numbers = ["eins", "zwei", "drei"];
        var pairs = Enumerable.Range(0, 27).Select(i => new[] { i / 9, i / 3 % 3, i % 3 })
            .Select(digits => $"{string.Join(' ', digits.Select(d => words[d]))}\t{string.Join(' ', digits.Select(d => numbers[d]))}\n");
        File.WriteAllText(PathOf("pairs.tsv"), string.Concat(pairs));
        File.WriteAllText(PathOf("test.tsv"), "two one\tzwei eins\nthree four\tdrei vier\n");
    }

    public string Path => _folder.Path;

    /// <summary>A path in the folder.</summary>
    public string PathOf(string name) => _folder.File(name);

    /// <summary>The folder of a complete run of a config as it is, which all share.</summary>
    public string Run(string config)
    {
        if (!_runs.TryGetValue(config, out var run))
            _runs[config] = run = Train(config);
        return run;
    }

    /// <summary>Trains to the end, in this process: what the program does, without its start.</summary>
    /// <returns>The run's folder.</returns>
    public string Train(string config, params string[] overrides) => Train(PathOf(config), PathOf("runs"), overrides);

    /// <summary>The same with any config, into any folder.</summary>
    internal static string Train(string config, string runs, string[] overrides)
    {
        using var run = TrainingRun.Start(ExperimentConfig.Load(config, overrides), runs);
        Assert.Equal(TrainingOutcome.Completed, run.Train(new ProgressLine(TextWriter.Null, terminal: false, run.TotalSteps), CancellationToken.None));
        return run.Directory.Path;
    }

    /// <summary>What eval prints of the last checkpoint of <see cref="Run"/>.</summary>
    public string Eval(string config)
    {
        if (!_evaluations.TryGetValue(config, out var output))
            _evaluations[config] = output = Call("eval", Run(config), "--checkpoint", "last", "--batch-size", "7").Succeeded().Output;
        return output;
    }

    internal ProgramResult Call(params string[] arguments) => RnnlabProgram.Run(Path, arguments);

    internal RnnlabProgram Start(params string[] arguments) => RnnlabProgram.Start(Path, arguments);

    public void Dispose() => _folder.Dispose();

    private void Write(string name, string task, string model, string? forcing, string evaluation) => File.WriteAllText(PathOf(name), $$"""
        seed: 3
        threads: 1
        task: {{task}}
        model: {{model}}
        training:
          steps: {{Steps}}
          batch_size: 8
          optimizer: {name: adam, learning_rate: 1e-2}
          log_interval: 4
          checkpoint_interval: 3
        {{(forcing is null ? "" : $"  forcing: {forcing}\n")}}
        evaluation: {interval: 12, samples: 3{{evaluation}}}

        """);
}
