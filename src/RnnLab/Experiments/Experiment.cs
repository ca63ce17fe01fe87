using RnnLab.Devices;
using RnnLab.Layers;
using RnnLab.Models;
using RnnLab.Recurrence;
using RnnLab.Tasks;

namespace RnnLab.Experiments;

/// <summary>The parts that a config describes, made.</summary>
public sealed class Experiment : IDisposable
{
    private Experiment(ExperimentConfig config, CharacterTask task, LanguageModel model, Device device)
        => (Config, Task, Model, Device) = (config, task, model, device);

    /// <summary>The config.</summary>
    public ExperimentConfig Config { get; }

    /// <summary>The text.</summary>
    public CharacterTask Task { get; }

    /// <summary>The network.</summary>
    public LanguageModel Model { get; }

    /// <summary>The device that it is on.</summary>
    public Device Device { get; }

    /// <summary>Makes the network for a text.</summary>
    /// <param name="config">The config.</param>
    /// <param name="corpus">The text that the config names.</param>
    /// <param name="vocabulary">A saved run's vocabulary, or null for the text's own.</param>
    /// <exception cref="UserException">
    /// There is no such device, the text is too short or has characters that the vocabulary lacks, or the training does not fit into the memory at hand.
    /// </exception>
    public static Experiment Create(ExperimentConfig config, TextCorpus corpus, Vocabulary? vocabulary = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        var device = ComputeDevice.Open(config.Device, config.AllowTf32);
        var task = new CharacterTask(corpus, config.Task.ValidationFraction, config.Task.Split, config.Training.BatchSize, vocabulary);
        task.RequireLength(config.Training.BatchSize, config.Training.K1);
        LayerMemory.RequireTape(config);
        MemoryEstimate.RequireFits(config, task.Vocabulary.Size);
        return new(config, task, NewModel(config, task.Vocabulary.Size, device), device);
    }

    /// <summary>The network alone, with its initial weights.</summary>
    /// <exception cref="UserException">It does not fit into the machine's memory.</exception>
    public static LanguageModel NewModel(ExperimentConfig config, int vocabularySize, Device device)
    {
        ArgumentNullException.ThrowIfNull(config);
        ModelSize.RequireFits(config, vocabularySize);
        var (m, seed) = (config.Model, config.Seed);
        var dtype = config.Dtype == "float64" ? ScalarType.Float64 : ScalarType.Float32;
        TokenInput input = m.EmbeddingSize is { } width
            ? new Embedding(vocabularySize, width, seed, m.Initialization.Range, dtype, device)
            : new OneHot(vocabularySize, dtype);
        var rnn = RecurrentStack.Create(
            m.NewCell, input.Width, m.NumLayers, m.Stack.Dropout, m.Initialization, seed, m.Bias, dtype, device,
            regularization: m.Stack.Regularization, connection: m.Stack.Connection, lockedDropout: m.Stack.LockedDropout);
        var head = new Linear(rnn.OutputSize, vocabularySize, seed, range: m.Initialization.Range, dtype: dtype, device: device);
        return new LanguageModel(input, rnn, head, config.Training.Loss) { TapeMemory = config.Training.TapeMemory };
    }

    /// <summary>Frees the network.</summary>
    public void Dispose() => Model.Dispose();
}
