using RnnLab.Benchmarks.Ceilings;
using RnnLab.Benchmarks.Layers;
using RnnLab.Benchmarks.Models;
using RnnLab.Benchmarks.Modules;
using RnnLab.Benchmarks.PeerProcesses;
using RnnLab.Benchmarks.Reports;
using RnnLab.Benchmarks.Tapes;
using RnnLab.Devices;

namespace RnnLab.Benchmarks;

/// <summary>
/// The benchmark: every cell at every shape, forward and in a training step, RnnLab's fast form against libtorch's own operators, the
/// readable form, autograd over it, the machine's ceilings, and peers in other processes.
/// </summary>
public static class Benchmark
{
    // Enough for one to be undisturbed before the first row is compared with it.
    private const int FirstSamples = 10;

    /// <summary>Measures all that the settings ask for.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="table">Receives the table, line by line as it is measured.</param>
    /// <param name="notice">Receives a line for each peer that is missing.</param>
    /// <returns>The results as a JSON document.</returns>
    /// <exception cref="UserException">A setting is out of range, or there is no such device.</exception>
    public static string Run(BenchmarkSettings settings, Action<string> table, Action<string> notice)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(notice);
        settings.Check();
        var device = ComputeDevice.Open(settings.Device, settings.AllowTf32);
        CpuThreads.Use(settings.Threads);
        using var peers = new PeerPrograms(settings, notice);
        var rows = Layers(settings, device, peers, table);
        var models = Models(settings, peers, table);
        var tapes = Tapes(settings, table);
        var modules = Modules(settings, table);
        var machine = Machine.Capture(settings, [peers.OneDnn.Version, peers.PyTorch.Version]);
        table("");
        table(machine.ToString());
        return JsonReport.Of(machine, rows, models, tapes, modules);
    }

    private static List<LayerRow> Layers(BenchmarkSettings settings, Device device, PeerPrograms peers, Action<string> table)
    {
        var rows = new List<LayerRow>();
        if (settings.Shapes.Count == 0)
            return rows;
        // Short bursts, so that one of them meets no disturbance.
        using var ceiling = settings.OnCuda ? null : new Ceiling(settings.Scalar, settings.Threads, settings.LeadInSeconds, settings.BlockSeconds);
        ceiling?.Sample(settings.Quick ? 1 : FirstSamples);
        var benchmark = new LayerBenchmark(settings, device, ceiling, peers);
        Write(table, Table.LayerHead(settings.Peers));
        foreach (var cell in settings.Cells)
            foreach (var shape in settings.Shapes)
            {
                rows.Add(benchmark.Measure(cell, shape));
                table(Table.Of(rows[^1]));
            }
        Write(table, [.. Table.Of(LayerMeans.Of(rows)), .. Table.Ceilings(rows)]);
        return rows;
    }

    private static List<ModelRow> Models(BenchmarkSettings settings, PeerPrograms peers, Action<string> table)
    {
        var rows = new List<ModelRow>();
        if (!settings.Models || settings.ModelShapes.Count == 0)
            return rows;
        var benchmark = new ModelBenchmark(settings, peers);
        Write(table, ["", .. Table.ModelHead()]);
        foreach (var cell in settings.Cells)
            foreach (var shape in settings.ModelShapes)
            {
                rows.Add(benchmark.Measure(cell, shape));
                table(Table.Of(rows[^1]));
            }
        Write(table, Table.Of(ModelMeans.Of(rows)));
        return rows;
    }

    private static List<TapeRow> Tapes(BenchmarkSettings settings, Action<string> table)
    {
        var rows = new List<TapeRow>();
        if (settings.TapeShapes.Count == 0)
            return rows;
        var benchmark = new TapeBenchmark(settings);
        Write(table, ["", .. Table.TapeHead()]);
        foreach (var cell in settings.Cells)
            foreach (var row in settings.TapeShapes.SelectMany(shape => benchmark.Measure(cell, shape)))
            {
                rows.Add(row);
                table(Table.Of(row));
            }
        return rows;
    }

    private static List<ModuleRow> Modules(BenchmarkSettings settings, Action<string> table)
    {
        var rows = new List<ModuleRow>();
        if (settings.ModuleShapes.Count == 0)
            return rows;
        var benchmark = new ModuleBenchmark(settings);
        Write(table, ["", .. Table.ModuleHead()]);
        foreach (var cell in settings.Cells)
            foreach (var row in settings.ModuleShapes.SelectMany(shape => ModuleDepth.All.Select(depth => benchmark.Measure(cell, shape, depth))))
            {
                rows.Add(row);
                table(Table.Of(row));
            }
        table(Table.Of(ModuleMeans.Of(rows)));
        return rows;
    }

    private static void Write(Action<string> table, IEnumerable<string> lines)
    {
        foreach (var line in lines)
            table(line);
    }
}
