using RnnLab.Analysis;
using RnnLab.Experiments;

namespace RnnLab.Tests.Experiments;

/// <summary>The audit behind rnnlab gradcheck.</summary>
public sealed class ModelAuditTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("lstm", "model.proj_size=5", "model.dropout=0.2")]
    [InlineData("gru", "model.input=one_hot", "training.loss=sum_over_time")]
    [InlineData("rnn", "model.bias=false", "dtype=float32")]
    [InlineData("lstm", "model.recurrent_dropout=0.3", "model.weight_drop=0.2", "model.zoneout_h=0.2", "model.zoneout_c=0.1", "model.dropout=0.2", "model.locked_dropout=true")]
    [InlineData("mgu", "model.connection=skip", "model.num_layers=3", "training.tape_memory=sqrt")]
    [InlineData("lstm_coupled", "model.connection=residual", "model.zoneout_c=0.4")]
    public void A_configs_model_passes_whatever_its_dtype_and_text(params string[] overrides)
    {
        var path = _folder.File("x.yaml");
        File.WriteAllText(path, "task: {text: nowhere.txt}\nmodel: {hidden_size: 12, num_layers: 2}");
        var rows = ModelAudit.Of(ExperimentConfig.Load(path, [$"model.cell={overrides[0]}", .. overrides[1..]]), elements: 8);
        Assert.All(rows, row => Assert.True(row.Holds, row.ToString()));
        Assert.All(rows, row => Assert.InRange(row.Tried, 1, 9));
    }
}
