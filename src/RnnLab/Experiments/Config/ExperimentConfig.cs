using RnnLab.Experiments.Configuration;
using RnnLab.Recurrence;

namespace RnnLab.Experiments;

/// <summary>A whole experiment: what a config file says, with every default filled in.</summary>
/// <param name="Name">The folder of its runs; the file's name unless given.</param>
/// <param name="Seed">Of all random numbers.</param>
/// <param name="Device">cpu, cuda or cuda:N.</param>
/// <param name="AllowTf32">Whether float32 products on a CUDA device may use TF32, whose factors have 10 bits of mantissa; false on the CPU.</param>
/// <param name="Dtype">float32 or float64.</param>
/// <param name="Threads">Threads of an operation on the CPU; null for all cores.</param>
/// <param name="Kernel">The fused CPU passes, or the readable form of everything that has one.</param>
/// <param name="Task">What there is to learn.</param>
/// <param name="Model">The network.</param>
/// <param name="Training">How it is trained.</param>
/// <param name="Evaluation">How it is evaluated and sampled on the way.</param>
public sealed record ExperimentConfig(
    string Name, ulong Seed, string Device, bool AllowTf32, string Dtype, int? Threads, Kernel Kernel,
    TaskConfig Task, ModelConfig Model, TrainingConfig Training, EvaluationConfig Evaluation)
{
    /// <summary>The element type that <see cref="Dtype"/> names.</summary>
    internal ScalarType ElementType => Dtype == "float64" ? ScalarType.Float64 : ScalarType.Float32;

    /// <summary>Where a key of the config is given, for the start of a message.</summary>
    internal Func<string, string> Where { get; init; } = key => key;

    /// <summary>An error about a key that only the task's data or the model could tell, to be thrown by the caller.</summary>
    /// <param name="key">The key's path: training.epochs.</param>
    /// <param name="problem">What is wrong, and what was expected.</param>
    internal ConfigException Error(string key, string problem) => new($"{Where(key)}: {problem}");

    /// <summary>Reads and checks a config file with overrides.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">key=value arguments of the command line.</param>
    /// <exception cref="ConfigException">Names the file, line and key, and what was expected.</exception>
    public static ExperimentConfig Load(string path, IEnumerable<string>? overrides = null)
        => Read(ConfigDocument.Load(path, overrides).Root, Path.GetFileNameWithoutExtension(path));

    /// <summary>The config as a tree, whose text gives the same config when it is read again.</summary>
    public ConfigTree ToTree() => new()
    {
        { "name", Name },
        { "seed", (long)Seed },
        { "device", Device },
        { "allow_tf32", AllowTf32 },
        { "dtype", Dtype },
        { "threads", Threads },
        { "kernel", Kernel == Kernel.Reference ? "reference" : "fast" },
        { "task", Task.ToTree() },
        { "model", Model.ToTree() },
        { "training", Training.ToTree() },
        { "evaluation", Evaluation.ToTree(Task) },
    };

    private static string Place(ConfigSection section, string[] path)
        => path.Length == 1 ? section.Location(path[0]) : Place(section.Section(path[0]), path[1..]);

    private static ExperimentConfig Read(ConfigSection root, string defaultName)
    {
        var device = root.Text("device", "cpu");
        if (!Devices.ComputeDevice.IsName(device))
            throw root.Error("device", "expected cpu, cuda or cuda:N");
        var name = root.Text("name", defaultName);
        if (!Runs.RunDirectory.IsName(name))
            throw root.Error("name", $"\"{name}\" cannot name a folder of runs; expected letters, digits, '-', '_' and '.', starting with a letter or digit");
        var seed = (ulong)root.Long("seed", 1, min: 0);
        var task = TaskConfig.Read(root.Section("task"), seed);
        var config = new ExperimentConfig(
            name,
            seed,
            device,
            root.Flag("allow_tf32", false),
            root.Choice("dtype", "float32", "float32", "float64"),
            root.OptionalInteger("threads", min: 1, max: 4096),
            root.Choice("kernel", "fast", "fast", "reference") == "reference" ? Kernel.Reference : Kernel.Fast,
            task,
            ModelConfig.Read(root.Section("model"), task),
            TrainingConfig.Read(root.Section("training"), task, seed),
            EvaluationConfig.Read(root.Section("evaluation"), task))
        {
            Where = key => Place(root, key.Split('.')),
        };
        root.RejectUnknown();
        if (config.AllowTf32 && !Devices.ComputeDevice.IsCuda(device))
            throw root.Error("allow_tf32", $"expected false with device: {device}; TF32 is a mode of CUDA devices");
        var training = root.Section("training");
        if (task is TextTaskConfig && !config.Training.CarryState && config.Training.K2 > config.Training.K1)
            throw training.Error("k2", $"expected k1 = {config.Training.K1}, since with carry_state: false no step goes back beyond its chunk");
        return config;
    }
}
