using RnnLab.Devices;
using RnnLab.Experiments.Configuration;

namespace RnnLab.Benchmarks;

/// <summary>What to measure, and how thoroughly.</summary>
public sealed record BenchmarkSettings
{
    private static readonly string[] KnownCells = ["rnn", "lstm", "gru"];

    /// <summary>The cells: rnn, lstm, gru.</summary>
    public IReadOnlyList<string> Cells { get; init; } = KnownCells;

    /// <summary>The layers' shapes.</summary>
    public IReadOnlyList<LayerShape> Shapes { get; init; } = LayerShape.Defaults;

    /// <summary>float32 or float64.</summary>
    public string Dtype { get; init; } = "float32";

    /// <summary>cpu, cuda or cuda:N. On CUDA RnnLab's only form is the readable one, and the machine's ceilings, which are the CPU's, are left out.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Whether both sides may use TF32 on CUDA; neither does otherwise, cuDNN's operators included.</summary>
    public bool AllowTf32 { get; init; }

    /// <summary>The threads of both sides of every comparison.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Pairs of blocks in a comparison.</summary>
    public int Pairs { get; init; } = 9;

    /// <summary>Whether short blocks do, whose figures only show that everything runs.</summary>
    public bool Quick { get; init; }

    /// <summary>Whether to run the programs beside libtorch that are installed: oneDNN's primitives and PyTorch.</summary>
    public bool Peers { get; init; }

    /// <summary>Whether to train whole models.</summary>
    public bool Models { get; init; }

    /// <summary>The models' shapes.</summary>
    public IReadOnlyList<ModelShape> ModelShapes { get; init; } = ModelShape.Defaults;

    /// <summary>Shapes of layers whose tapes keep less than everything; none unless they are asked for.</summary>
    public IReadOnlyList<LayerShape> TapeShapes { get; init; } = [];

    internal bool OnCuda => ComputeDevice.IsCuda(Device);

    /// <summary>Shapes of the recurrent modules in a plain TorchSharp training loop; none unless they are asked for.</summary>
    public IReadOnlyList<LayerShape> ModuleShapes { get; init; } = [];

    internal ScalarType Scalar => Dtype == "float64" ? ScalarType.Float64 : ScalarType.Float32;

    /// <summary>The slow forms (readable, autograd) need fewer pairs: nothing hangs on their last per cent.</summary>
    internal int PairsOfSlow => Math.Max(1, Pairs / 3);

    /// <summary>How long one block of repeats lasts at least; a single run may last longer.</summary>
    internal double BlockSeconds => Quick ? 0.001 : 0.02;

    /// <summary>How long each side runs before anything counts, so that the .NET side is compiled at its highest tier.</summary>
    internal double WarmUpSeconds => Quick ? 0.005 : 0.4;

    /// <summary>How long each side runs uncounted before a block.</summary>
    internal double LeadInSeconds => Quick ? 0.001 : 0.05;

    /// <summary>Reads a list of cells with commas between.</summary>
    /// <exception cref="UserException">One of them is unknown.</exception>
    public static IReadOnlyList<string> ParseCells(string text, string option)
    {
        ArgumentNullException.ThrowIfNull(text);
        var cells = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().ToArray();
        foreach (var cell in cells)
        {
            if (!KnownCells.Contains(cell))
            {
                var meant = Spelling.Nearest(cell, KnownCells);
                throw new UserException($"{option}: {cell}: expected rnn, lstm or gru{(meant is null ? "" : $" (did you mean {meant}?)")}");
            }
        }
        return cells.Length > 0 ? cells : throw new UserException($"{option}: expected rnn, lstm or gru");
    }

    /// <summary>Requires numbers in their ranges, and room for the largest shape.</summary>
    /// <exception cref="UserException">Something is out of range.</exception>
    public void Check()
    {
        if (Dtype is not ("float32" or "float64"))
            throw new UserException($"--dtype {Dtype}: expected float32 or float64");
        if (!ComputeDevice.IsName(Device))
            throw new UserException($"--device {Device}: expected cpu, cuda or cuda:N");
        if (AllowTf32 && !OnCuda)
            throw new UserException("--tf32: goes with --device cuda");
        if (OnCuda && (Models || Peers || TapeShapes.Count > 0 || ModuleShapes.Count > 0))
            throw new UserException($"--models, --peers, --tapes and --modules are measured on the CPU, not on {Device}");
        if (Threads is < 1 or > 4096)
            throw new UserException($"--threads {Threads}: expected an integer from 1 to 4096");
        if (Pairs < 1)
            throw new UserException($"--pairs {Pairs}: expected a positive integer");
        if (Models && Dtype != "float32")
            throw new UserException($"--models: whole models are measured in float32, not {Dtype}");
        if (ModuleShapes.Count > 0 && Dtype != "float32")
            throw new UserException($"--modules: training loops are measured in float32, not {Dtype}");
        foreach (var s in Shapes)
            RequireRoom($"--shapes: {s.T},{s.B},{s.H}", s.T, s.B, s.H, 1);
        foreach (var s in TapeShapes)
            RequireRoom($"--tapes: {s.T},{s.B},{s.H}", s.T, s.B, s.H, 1);
        // Two levels in both directions are four layers.
        foreach (var s in ModuleShapes)
            RequireRoom($"--modules: {s.T},{s.B},{s.H}", s.T, s.B, s.H, 4);
        if (Models)
            foreach (var s in ModelShapes)
                RequireRoom($"--model-shapes: {s.Layers},{s.H},{s.B},{s.T}", s.T, s.B, s.H, s.Layers);
    }

    // Activations of an LSTM in every form that is held at once (input, gates, autograd's graph), and weights with gradients on both sides.
    private void RequireRoom(string what, double T, double B, double H, double layers)
    {
        var (elements, matrix) = (layers * (T * B * H * 40 + H * H * 32), 4 * H * H);
        var (bytes, memory) = (elements * (Dtype == "float64" ? 8 : 4), (double)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        if (bytes > memory || Math.Max(matrix, T * B * 4 * H) > Array.MaxLength)
            throw new UserException($"{what}: needs about {bytes / (1 << 30):n1} GiB of memory and {memory / (1 << 30):n1} GiB are there; choose a smaller shape");
    }
}
