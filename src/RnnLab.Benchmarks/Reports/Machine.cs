using RnnLab.Benchmarks.Ceilings;
using RnnLab.Devices;
using RnnLab.Experiments.Runs;

namespace RnnLab.Benchmarks.Reports;

/// <summary>Where and how the figures were measured.</summary>
/// <param name="Environment">Processor, libtorch, versions.</param>
/// <param name="VectorBits">The widest vectors that .NET uses here.</param>
/// <param name="OmpWaitPolicy">OMP_WAIT_POLICY, under which libtorch and the peers run.</param>
/// <param name="Pairs">Pairs of a comparison.</param>
/// <param name="Quick">Whether the blocks were too short for figures to mean much.</param>
/// <param name="Peers">The programs beside libtorch that took part.</param>
internal sealed record Machine(EnvironmentRecord Environment, int VectorBits, string OmpWaitPolicy, int Pairs, bool Quick, IReadOnlyList<string> Peers)
{
    public static Machine Capture(BenchmarkSettings settings, IEnumerable<string?> peers) => new(
        EnvironmentRecord.Capture(TorchLibrary.Backend, TorchLibrary.Description, settings.Device, settings.Threads)
            with { AllowTf32 = settings.OnCuda ? settings.AllowTf32 : null },
        FusedMultiplyAdds.VectorBits,
        // RnnLab sets it to passive where nobody else did.
        System.Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") ?? "passive", settings.Pairs, settings.Quick, [.. peers.OfType<string>()]);

    /// <summary>One line.</summary>
    public override string ToString()
        => $"{(Environment.Device == "cpu" ? "" : $"{Environment.Device}, TF32 {(Environment.AllowTf32 == true ? "allowed" : "off")}; ")}{Environment.Cpu}, {Count(Environment.Cores, "core")}, {Count(Environment.Threads, "thread")}, {VectorBits}-bit vectors; libtorch {Environment.Libtorch.Split(',')[0]} ({Environment.Backend}), "
            + $"OMP_WAIT_POLICY={OmpWaitPolicy}, {Count(Pairs, "pair")}{(Quick ? " of short blocks" : "")}{string.Concat(Peers.Select(peer => $"; {peer}"))}";

    private static string Count(int n, string what) => $"{n} {what}{(n == 1 ? "" : "s")}";
}
