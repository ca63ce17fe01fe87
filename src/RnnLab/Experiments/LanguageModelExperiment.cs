using RnnLab.Devices;
using RnnLab.Experiments.Runs;
using RnnLab.Layers;
using RnnLab.Models;
using RnnLab.Plots;
using RnnLab.Randomness;
using RnnLab.Recurrence;
using RnnLab.Tasks;
using RnnLab.Training;
using RnnLab.Training.FreeRunning;
using RnnLab.Training.Optimizers;

namespace RnnLab.Experiments;

/// <summary>A language model and its text.</summary>
public sealed class LanguageModelExperiment : Experiment
{
    private TextRecord? _record;
    private ExposureBias? _exposure;

    private LanguageModelExperiment(ExperimentConfig config, TextTask task, LanguageModel model, Device device) : base(config, device) => (Task, Model) = (task, model);

    /// <summary>The text.</summary>
    public TextTask Task { get; }

    /// <summary>The network.</summary>
    public LanguageModel Model { get; }

    /// <inheritdoc/>
    public override nn.Module Module => Model;

    /// <inheritdoc/>
    public override string Unit => Task.Symbols.Level == TextLevel.Word ? "words/s" : "chars/s";

    /// <inheritdoc/>
    public override string Description
    {
        get
        {
            var parameters = Model.parameters().Sum(p => p.numel());
            var t = Record;
            return $"{Config.Model.Description}, {parameters:n0} parameters; {t.Source}: {t.Characters:n0} characters, {t.Vocabulary.Count} distinct{(Task.Symbols.Level == TextLevel.Word ? " words" : "")}, {t.Files} {(t.Files == 1 ? "file" : "files")}; bigram {t.BigramLoss:0.0000} nats ({t.BigramLoss / Math.Log(2):0.000} bits) a {Task.Symbols.One}";
        }
    }

    private TextRecord Record => _record ??= TextRecord.Of(Task);

    private static TextTaskConfig TaskOf(ExperimentConfig config) => (TextTaskConfig)config.Task;

    /// <summary>Makes the parts for the text that the config names, or that a run was begun with.</summary>
    /// <exception cref="UserException">As for the other form; or a run's text has changed.</exception>
    public static new LanguageModelExperiment Create(ExperimentConfig config, RunDirectory? run = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        var t = TaskOf(config);
        if (run is null)
            return Create(config, TextCorpus.Load(t.Text, t.Include), t.LoadValidation());
        var text = TextRecord.Read(run);
        var validation = t.LoadValidation();
        text.RequireValidation(validation, run);
        var experiment = Create(config, text.Load(run, t.Text), validation, Vocabulary.Of(text.Vocabulary));
        experiment._record = text with { Source = Path.GetFullPath(t.Text) };
        return experiment;
    }

    /// <summary>Makes the network for a text.</summary>
    /// <param name="config">The config.</param>
    /// <param name="corpus">The text that the config names.</param>
    /// <param name="validation">The text to validate on, where it is one of its own.</param>
    /// <param name="vocabulary">A saved run's vocabulary, or null for the text's own.</param>
    /// <exception cref="UserException">
    /// There is no such device, the text is too short or has characters that the vocabulary lacks, or the training does not fit into the memory at hand.
    /// </exception>
    public static LanguageModelExperiment Create(ExperimentConfig config, TextCorpus corpus, TextCorpus? validation = null, Vocabulary? vocabulary = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        var device = ComputeDevice.Open(config.Device, config.AllowTf32);
        var task = TaskOf(config).NewTask(corpus, validation, config.Training.BatchSize, vocabulary);
        task.RequireLength(config.Training.BatchSize, config.Training.K1);
        if (config.Evaluation.FreeRunning > 0)
            Exposure(config).RequireLength(task.Validation);
        LayerMemory.RequireTape(config);
        MemoryEstimate.RequireFits(config, task.Vocabulary.Size);
        return new(config, task, NewModel(config, task.Vocabulary.Size, device), device);
    }

    /// <summary>How the config asks to measure what the model does after tokens of its own.</summary>
    internal static ExposureMeasurement Exposure(ExperimentConfig config) => new(config.Evaluation.WarmUp, config.Evaluation.FreeRunning, Seed: config.Seed);

    /// <summary>The network alone, with its initial weights.</summary>
    /// <exception cref="UserException">It does not fit into the machine's memory.</exception>
    public static LanguageModel NewModel(ExperimentConfig config, int vocabularySize, Device device)
    {
        ArgumentNullException.ThrowIfNull(config);
        ModelSize.RequireFits(config, vocabularySize);
        var (m, seed) = ((LanguageModelConfig)config.Model, config.Seed);
        var (r, dtype) = (m.Recurrence, config.ElementType);
        TokenInput input = m.EmbeddingSize is { } width
            ? new Embedding(vocabularySize, width, seed, r.Initialization.Range, dtype, device)
            : new OneHot(vocabularySize, dtype);
        var rnn = RecurrentStack.Create(
            r.NewCell, input.Width, r.NumLayers, r.Stack.Dropout, r.Initialization, seed, r.Bias, dtype, device,
            regularization: r.Stack.Regularization, connection: r.Stack.Connection, lockedDropout: r.Stack.LockedDropout);
        var head = new Linear(rnn.OutputSize, vocabularySize, seed, range: r.Initialization.Range, dtype: dtype, device: device);
        return new LanguageModel(input, rnn, head, config.Training.Loss) { TapeMemory = config.Training.TapeMemory };
    }

    /// <inheritdoc/>
    public override Trainer NewTrainer(Optimizer optimizer) => new LanguageModelTrainer(Model, Task, optimizer, Config.Training.StreamSettings(), Device);

    /// <inheritdoc/>
    public override void WriteRecord(RunDirectory run, bool isNew)
    {
        if (isNew)
            TextRecord.KeepText(run, Task);
        Record.Write(run);
    }

    /// <inheritdoc/>
    public override EvaluationReport Evaluate(bool isLast)
    {
        var e = Evaluation.Of(Model, Task.Validation, Config.Evaluation.BatchSize, Config.Training.K1, Device);
        var line = $"validation {e.CrossEntropy:0.0000} nats, {e.BitsPerCharacter:0.000} bits a {Task.Symbols.One} (bigram {Record.BigramLoss / Math.Log(2):0.000}), perplexity {e.Perplexity:0.00}";
        if (!isLast || Config.Evaluation.FreeRunning == 0)
            return new(e.CrossEntropy, new Dictionary<string, double>(), line);
        _exposure = Exposure(Config).Of(Model, Task.Validation);
        var measures = _exposure.Values().ToDictionary(p => p.Name, p => p.Value);
        return new(e.CrossEntropy, measures, line + string.Concat(measures.Select(p => $", {p.Key} {p.Value:0.000}")));
    }

    /// <summary>Writes a text: it starts with a line feed where the text has one, since a line's start is what it knows best, else with its first character.</summary>
    public override void WriteSamples(RunDirectory run, long step)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (Config.Evaluation.SampleLength == 0)
            return;
        var start = Task.Vocabulary.Find(Task.Symbols.Level == TextLevel.Word ? Vocabulary.End : "\n") ?? 0;
        var stream = new RandomStream(Config.Seed, $"sample/{step}");
        var tokens = Config.Evaluation.Sampling.Continue(Model, [start], Config.Evaluation.SampleLength, stream);
        AtomicFile.WriteText(Path.Combine(run.SamplesPath, $"step-{step:d8}.txt"), Task.Symbols.Join(tokens.Select(Task.Vocabulary.Decode)));
    }

    /// <inheritdoc/>
    public override ReportExtras Extras(double? bestLoss)
    {
        var extras = Record.ReportExtras(Description, bestLoss, Task.Symbols.One);
        return _exposure is null ? extras : extras with
        {
            Charts = [new LineChart { Title = "Loss after tokens of its own", XLabel = "tokens", YLabel = "nats", Series = [_exposure.Series("model")] }],
        };
    }
}
