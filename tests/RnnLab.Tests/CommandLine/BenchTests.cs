using System.Text.Json;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.CommandLine;

/// <summary>The bench verb as a person calls it.</summary>
public sealed class BenchTests
{
    [Fact]
    public void A_quick_run_prints_one_document_with_a_row_for_each_cell_and_shape()
    {
        using var folder = new TemporaryFolder();
        var output = RnnlabProgram.Run(folder.Path, "bench", "--quick", "--cells", "rnn", "--shapes", "3,2,4", "--pairs", "1", "--json").Succeeded().Output;
        using var document = JsonDocument.Parse(output);
        Assert.Equal(1, document.RootElement.GetProperty("machine").GetProperty("pairs").GetInt32());
        var row = Assert.Single(document.RootElement.GetProperty("rows").EnumerateArray());
        Assert.Equal(("rnn", 3, 2, 4), (row.GetProperty("cell").GetString(), row.GetProperty("T").GetInt32(), row.GetProperty("B").GetInt32(), row.GetProperty("H").GetInt32()));
        string[] measured =
        [
            "ms_forward", "ms_train", "ratio_forward_libtorch", "ratio_train_libtorch", "speedup_train_reference", "speedup_train_autograd", "share_of_fma", "share_of_sgemm",
        ];
        Assert.All(measured, key => Assert.True(row.GetProperty(key).GetDouble() > 0, key));
        Assert.False(row.TryGetProperty("ratio_train_onednn", out _), "no peer was asked for");
    }

    [Fact]
    public void Bounded_tapes_hold_less_and_give_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        var output = RnnlabProgram.Run(folder.Path, "bench", "--quick", "--cells", "gru", "--shapes", "none", "--tapes", "900,64,8", "--pairs", "1", "--json").Succeeded().Output;
        using var document = JsonDocument.Parse(output);
        var rows = document.RootElement.GetProperty("tapes").EnumerateArray().ToArray();
        Assert.Equal("sqrt", rows[0].GetProperty("memory").GetString());
        Assert.All(rows, row => Assert.True(row.GetProperty("same_bits").GetBoolean()));
        Assert.All(rows, row => Assert.InRange(row.GetProperty("step_tapes_per_root").GetDouble(), 0, 2.5));
        Assert.True(rows[1].GetProperty("peak_bytes").GetInt64() < rows[0].GetProperty("peak_bytes").GetInt64());
    }

    [Theory]
    [InlineData("--tapes: 9: expected T,B,H, 3 positive integers", "--tapes", "9")]
    [InlineData("--shapes: 3,2: expected T,B,H, 3 positive integers", "--shapes", "3,2")]
    [InlineData("--shapes: 3,0,4: expected T,B,H, 3 positive integers", "--shapes", "64,32,128;3,0,4")]
    [InlineData("--shapes: 3,-2,4: expected T,B,H, 3 positive integers", "--shapes", "3,-2,4")]
    [InlineData("--shapes: 3,two,4: expected T,B,H, 3 positive integers", "--shapes", "3,two,4")]
    [InlineData("--shapes: expected T,B,H or several of them", "--shapes", ";")]
    [InlineData("--shapes: 1000000,1000,1000: needs about", "--shapes", "1000000,1000,1000")]
    [InlineData("--cells: lsmt: expected rnn, lstm or gru (did you mean lstm?)", "--cells", "rnn,lsmt")]
    [InlineData("--cells: expected rnn, lstm or gru", "--cells", ",")]
    [InlineData("--dtype float16: expected float32 or float64", "--dtype", "float16")]
    [InlineData("--device tpu: expected cpu, cuda or cuda:N", "--device", "tpu")]
    [InlineData("--tf32: goes with --device cuda", "--tf32")]
    [InlineData("--models, --peers, --tapes and --modules are measured on the CPU, not on cuda", "--device", "cuda", "--models")]
    [InlineData("--threads 0: expected an integer from 1 to 4096", "--threads", "0")]
    [InlineData("--pairs -1: expected a positive integer", "--pairs=-1")]
    [InlineData("--model-shapes: 2,16,4: expected layers,H,B,T, 4 positive integers", "--models", "--model-shapes", "2,16,4")]
    [InlineData("--models: whole models are measured in float32, not float64", "--models", "--dtype", "float64")]
    [InlineData("--json nowhere/bench.json: cannot be written", "--json", "nowhere/bench.json")]
    public void A_mistake_is_told_before_anything_is_measured(string message, params string[] options)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("", RnnlabProgram.Run(folder.Path, ["bench", .. options]).RefusedWith(message).Output);
    }

    [NoCudaFact]
    public void CUDA_is_refused_where_there_is_none()
        => A_mistake_is_told_before_anything_is_measured("device cuda: no CUDA device is available to this backend (see environment.md); use device=cpu", "--device", "cuda");

    [CudaFact]
    public void On_CUDA_the_readable_form_is_measured_against_libtorchs_operators()
    {
        using var folder = new TemporaryFolder();
        var output = RnnlabProgram.Run(folder.Path, "bench", "--quick", "--shapes", "3,2,4", "--pairs", "1", "--device", "cuda", "--tf32", "--json").Succeeded().Output;
        using var document = JsonDocument.Parse(output);
        Assert.True(document.RootElement.GetProperty("machine").GetProperty("allow_tf32").GetBoolean());
        foreach (var row in document.RootElement.GetProperty("rows").EnumerateArray())
        {
            Assert.True(row.GetProperty("ratio_train_libtorch").GetDouble() > 0);
            Assert.False(row.TryGetProperty("share_of_fma", out _), "a ceiling of the CPU");
        }
    }
}
