using System.Text.Json;
using RnnLab.Benchmarks.Layers;
using RnnLab.Benchmarks.Models;
using RnnLab.Benchmarks.Reports;
using RnnLab.Experiments.Runs;

namespace RnnLab.Tests.Benchmarks;

/// <summary>What is written of results that are given.</summary>
public sealed class ReportTests
{
    private static readonly LayerRow Lstm = new("lstm", 64, 32, 256)
    {
        Dtype = "float32",
        Threads = 2,
        MsForward = 12.345,
        MsTrain = 40,
        MsForwardLibtorch = 24.69,
        MsTrainLibtorch = 80,
        MsForwardReference = 30,
        MsTrainReference = 120,
        MsForwardAutograd = 50,
        MsTrainAutograd = 200,
        RatioForwardLibtorch = 2,
        RatioTrainLibtorch = 2,
        RatioForwardOnednn = 1.1,
        RatioTrainOnednn = 1.25,
        SpeedupForwardReference = 2.43,
        SpeedupTrainReference = 3,
        SpeedupForwardAutograd = 4,
        SpeedupTrainAutograd = 5,
        FmaGflops = 220,
        SgemmGflops = 190,
    };

    private static readonly Machine Machine = new(
        new EnvironmentRecord("0.1.0", ".NET 10", "Linux X64", "EPYC", 2, "bridge", "1.13.1, /usr/lib/libtorch_cpu.so", "cpu", 2, null, null, DateTimeOffset.UnixEpoch),
        512, "passive", 9, false, ["dnnl 2.6.3 threads 2"]);

    [Fact]
    public void Throughput_counts_the_products_of_three_passes()
    {
        // 3 · 2 · T·B · (I + H) · G·H = 6 · 2048 · 512 · 1024 operations in 40 ms.
        Assert.Equal(161.06, Lstm.TrainGflops, 2);
        Assert.Equal(161.06 / 220, Lstm.ShareOfFma!.Value, 4);
        Assert.Equal(Lstm.TrainGflops / 4, (Lstm with { Cell = "rnn" }).TrainGflops, 9);
        Assert.Equal(Lstm.TrainGflops * 3 / 4, (Lstm with { Cell = "gru" }).TrainGflops, 9);
    }

    [Fact]
    public void A_row_stands_under_its_headings()
    {
        string[] lines = [.. Table.LayerHead(onednn: true), Table.Of(Lstm), Table.Of(Lstm with { RatioForwardOnednn = null, RatioTrainOnednn = null, MsForward = 0.5, RatioTrainLibtorch = 123.4 })];
        Assert.Equal(
            [
                "                  ours, ms          libtorch          oneDNN        readable autograd   train share of",
                "cell   T   B    H  forward    train  forward  train  forward  train    train    train    GF/s      FMA  GEMM",
                "lstm  64  32  256     12.3     40.0     2.00   2.00     1.10   1.25     3.00     5.00   161.1     73 %  85 %",
                "lstm  64  32  256    0.500     40.0     2.00    123        -      -     3.00     5.00   161.1     73 %  85 %",
            ],
            lines[1..]);
    }

    [Fact]
    public void On_a_device_there_is_neither_a_second_form_nor_a_ceiling()
    {
        var row = Lstm with { SpeedupForwardReference = null, SpeedupTrainReference = null, FmaGflops = null, SgemmGflops = null };
        Assert.Equal("lstm  64  32  256     12.3     40.0     2.00   2.00     1.10   1.25        -     5.00   161.1        -     -", Table.Of(row));
        Assert.Empty(Table.Ceilings([row]));
        Assert.Single(Table.Ceilings([row, Lstm]));
        var onDevice = Machine with { Environment = Machine.Environment with { Device = "cuda", AllowTf32 = true } };
        Assert.StartsWith("cuda, TF32 allowed; EPYC, 2 cores", onDevice.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Means_are_geometric_and_leave_out_a_batch_of_one()
    {
        var means = LayerMeans.Of(
        [
            Lstm, Lstm with { H = 512, RatioTrainLibtorch = 8 }, Lstm with { B = 1, RatioTrainLibtorch = 100 },
            Lstm with { Cell = "rnn", RatioTrainLibtorch = 4, RatioTrainOnednn = null },
        ]);
        Assert.Equal(["lstm", "rnn", "all"], means.Select(m => m.Cell));
        Assert.All(means, m => Assert.Equal(4, m.RatioTrainLibtorch!.Value, 12));
        Assert.Null(means[1].RatioTrainOnednn);
        Assert.Equal(1.25, means[2].RatioTrainOnednn!.Value, 12);
        Assert.Empty(LayerMeans.Of([Lstm with { B = 1 }]));
    }

    [Fact]
    public void The_document_names_what_was_measured_and_leaves_out_what_was_not()
    {
        var rnn = new ModelRow("rnn", 2, 128, 50, 60) { Threads = 2, CharactersPerSecond = 60_000, CharactersPerSecondPytorch = 30_000, RatioModelPytorch = 2 };
        using var document = JsonDocument.Parse(JsonReport.Of(Machine, [Lstm, Lstm with { Cell = "rnn", RatioTrainOnednn = null }], [rnn, rnn with { RatioModelPytorch = 8 }], [], []));
        var root = document.RootElement;
        Assert.Equal(("EPYC", 512, "dnnl 2.6.3 threads 2"), (
            root.GetProperty("machine").GetProperty("cpu").GetString(), root.GetProperty("machine").GetProperty("vector_bits").GetInt32(),
            root.GetProperty("machine").GetProperty("peers")[0].GetString()));
        var rows = root.GetProperty("rows");
        Assert.Equal(1.25, rows[0].GetProperty("ratio_train_onednn").GetDouble());
        Assert.False(rows[1].TryGetProperty("ratio_train_onednn", out _));
        Assert.Equal(Lstm.ShareOfFma, rows[0].GetProperty("share_of_fma").GetDouble());
        Assert.Equal("float32", rows[0].GetProperty("dtype").GetString());
        Assert.Equal((2, 128, 50, 60), (
            root.GetProperty("models")[0].GetProperty("num_layers").GetInt32(), root.GetProperty("models")[0].GetProperty("H").GetInt32(),
            root.GetProperty("models")[0].GetProperty("B").GetInt32(), root.GetProperty("models")[0].GetProperty("T").GetInt32()));
        Assert.Equal(4, root.GetProperty("model_means").GetProperty("ratio_model_pytorch").GetDouble(), 12);
        Assert.Equal(2, root.GetProperty("model_means").GetProperty("lowest_ratio_model_pytorch").GetDouble());
    }

    [Fact]
    public void The_machine_stands_in_one_line() => Assert.Equal(
        "EPYC, 2 cores, 2 threads, 512-bit vectors; libtorch 1.13.1 (bridge), OMP_WAIT_POLICY=passive, 9 pairs; dnnl 2.6.3 threads 2", Machine.ToString());

    [Fact]
    public void Models_without_a_peer_have_no_mean()
    {
        var row = new ModelRow("rnn", 2, 128, 50, 50) { Threads = 2, CharactersPerSecond = 60_000.4 };
        Assert.Equal("rnn       2  128  50  50    60000        -      -", Table.Of(row));
        Assert.Empty(Table.Of(ModelMeans.Of([row])));
    }
}
