using System.CommandLine;
using RnnLab.Benchmarks;
using RnnLab.Experiments.Runs;

namespace RnnLab.Cli;

/// <summary><c>rnnlab bench [--cells …] [--shapes …] [--device …] [--tf32] [--peers] [--models] [--json [FILE]]</c></summary>
internal static class BenchCommand
{
    private const int QuickPairs = 3;
    private static readonly BenchmarkSettings Defaults = new();

    public static Command Create()
    {
        var cells = new Option<string?>("--cells") { Description = "Cells, of rnn, lstm and gru; all unless given.", HelpName = "CELL,CELL,..." };
        var shapes = new Option<string?>("--shapes") { Description = $"Shapes of a layer, whose input is as wide as its state, or none; {Text(Defaults.Shapes.Select(s => $"{s.T},{s.B},{s.H}"))} unless given.", HelpName = "T,B,H;..." };
        var dtype = new Option<string>("--dtype") { Description = "float32 or float64.", HelpName = "DTYPE", DefaultValueFactory = _ => Defaults.Dtype };
        var device = new Option<string>("--device") { Description = "cpu, cuda or cuda:N. On CUDA the readable form is measured against libtorch's operators there.", HelpName = "NAME", DefaultValueFactory = _ => Defaults.Device };
        var tf32 = new Option<bool>("--tf32") { Description = "Allow TF32 on CUDA, to both sides; neither uses it otherwise." };
        var threads = new Option<int>("--threads") { Description = "Threads of both sides; all cores unless given.", HelpName = "N", DefaultValueFactory = _ => Defaults.Threads };
        var pairs = new Option<int?>("--pairs") { Description = $"Pairs of blocks, ours and the other's in turn, that a median is taken over; {Defaults.Pairs} unless given.", HelpName = "N" };
        var quick = new Option<bool>("--quick") { Description = $"Short blocks and {QuickPairs} pairs, to see that everything runs." };
        var json = new Option<string?>("--json") { Description = "Write the results as JSON, to FILE or, instead of the table, to standard output.", HelpName = "FILE", Arity = ArgumentArity.ZeroOrOne };
        var peers = new Option<bool>("--peers") { Description = "Compare with oneDNN's LSTM and GRU and with PyTorch too, where they are installed; implies --models." };
        var models = new Option<bool>("--models") { Description = "Train whole character models, ours and PyTorch's." };
        var modelShapes = new Option<string?>("--model-shapes") { Description = $"Shapes of the models, or none; {Text(Defaults.ModelShapes.Select(s => $"{s.Layers},{s.H},{s.B},{s.T}"))} unless given.", HelpName = "layers,H,B,T;..." };
        var tapes = new Option<string?>("--tapes") { Description = "Shapes of a layer for memory-bounded back-propagation through time against the full form, such as 20000,8,256.", HelpName = "T,B,H;..." };
        var modules = new Option<string?>("--modules") { Description = $"A plain TorchSharp training loop with RnnLab's modules in the place of TorchSharp's, at shapes of their layers; {Text(LayerShape.ModuleDefaults.Select(s => $"{s.T},{s.B},{s.H}"))} unless given.", HelpName = "T,B,H;...", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("bench", "Measure RnnLab's speed against libtorch's own operators, the readable form, autograd, the machine's ceilings and other libraries.")
        {
            cells, shapes, dtype, device, tf32, threads, pairs, quick, json, peers, models, modelShapes, tapes, modules,
        };
        command.SetAction(parsed => Run(
            new BenchmarkSettings
            {
                Cells = parsed.GetValue(cells) is { } c ? BenchmarkSettings.ParseCells(c, "--cells") : Defaults.Cells,
                Shapes = parsed.GetValue(shapes) is { } s ? LayerShape.Parse(s, "--shapes") : Defaults.Shapes,
                Dtype = parsed.GetValue(dtype)!,
                Device = parsed.GetValue(device)!,
                AllowTf32 = parsed.GetValue(tf32),
                Threads = parsed.GetValue(threads),
                Pairs = parsed.GetValue(pairs) ?? (parsed.GetValue(quick) ? QuickPairs : Defaults.Pairs),
                Quick = parsed.GetValue(quick),
                Peers = parsed.GetValue(peers),
                // PyTorch's models are in float32.
                Models = parsed.GetValue(models) || (parsed.GetValue(peers) && parsed.GetValue(dtype) == "float32"),
                ModelShapes = parsed.GetValue(modelShapes) is { } m ? ModelShape.Parse(m, "--model-shapes") : Defaults.ModelShapes,
                TapeShapes = parsed.GetValue(tapes) is { } t ? LayerShape.Parse(t, "--tapes") : [],
                ModuleShapes = parsed.GetValue(modules) is { } n ? LayerShape.Parse(n, "--modules") : parsed.GetResult(modules) is null ? [] : LayerShape.ModuleDefaults,
            },
            parsed.GetResult(json) is not null, parsed.GetValue(json)));
        return command;
    }

    private static int Run(BenchmarkSettings settings, bool json, string? file)
    {
        // Before anything is measured: it takes minutes.
        if (file is not null && (file.Length == 0 || Directory.Exists(file) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file)))))
            throw new UserException($"--json {file}: cannot be written: expected a file in a folder that exists");
        var onlyJson = json && file is null;
        var document = Benchmark.Run(settings, onlyJson ? _ => { } : Console.WriteLine, line => Console.Error.WriteLine($"rnnlab: {line}"));
        if (file is not null)
            AtomicFile.WriteText(file, document);
        else if (onlyJson)
            Console.Write(document);
        return 0;
    }

    private static string Text(IEnumerable<string> shapes) => string.Join(';', shapes);
}
