using System.Text.Json;
using RnnLab.Benchmarks.Modules;
using RnnLab.Benchmarks.Reports;
using RnnLab.Tests.CommandLine;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Modules;

/// <summary>The benchmark of the modules in a plain training loop.</summary>
public sealed class ModuleBenchmarkTests
{
    private static readonly ModuleRow Row = new("lstm", 2, true, 64, 32, 256) { MsStep = 20, MsStepTorchsharp = 50, RatioStepTorchsharp = 2.5, LossDifference = 1.25e-7 };

    [Fact]
    public void A_quick_run_measures_each_cell_at_both_depths_and_finds_the_same_losses()
    {
        using var folder = new TemporaryFolder();
        var output = RnnlabProgram.Run(folder.Path, "bench", "--quick", "--shapes", "none", "--modules", "3,2,4", "--pairs", "1", "--json").Succeeded().Output;
        using var document = JsonDocument.Parse(output);
        var rows = document.RootElement.GetProperty("modules").EnumerateArray().ToArray();
        Assert.Equal(6, rows.Length);
        Assert.All(rows, row =>
        {
            Assert.True(row.GetProperty("ratio_step_torchsharp").GetDouble() > 0);
            Assert.InRange(row.GetProperty("loss_difference").GetDouble(), 0, 1e-5);
        });
        Assert.Equal(["lstm", "gru", "rnn"], rows.Select(row => row.GetProperty("cell").GetString()!).Distinct().OrderByDescending(cell => cell == "lstm").ThenBy(cell => cell));
        Assert.Equal([false, true], rows[..2].Select(row => row.GetProperty("bidirectional").GetBoolean()));
    }

    [Fact]
    public void A_row_stands_under_its_headings_and_means_are_geometric()
    {
        Assert.Equal(
            [
                "                                      step, ms                        losses'",
                "cell layers  directions   T   B    H      ours  TorchSharp  ratio  difference",
                "lstm      2           2  64  32  256      20.0        50.0   2.50      1.3e-7",
            ],
            [.. Table.ModuleHead().Skip(1), Table.Of(Row)]);
        Assert.Equal("geometric mean 2.00, lowest 1.60", Table.Of(ModuleMeans.Of([Row, Row with { RatioStepTorchsharp = 1.6 }])));
    }

    [Fact]
    public void Shapes_and_the_dtype_are_checked_before_anything_is_measured()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("", RnnlabProgram.Run(folder.Path, "bench", "--modules", "3,2").RefusedWith("--modules: 3,2: expected T,B,H, 3 positive integers").Output);
        Assert.Equal("", RnnlabProgram.Run(folder.Path, "bench", "--modules", "3,2,4", "--dtype", "float64").RefusedWith("--modules: training loops are measured in float32").Output);
    }
}
