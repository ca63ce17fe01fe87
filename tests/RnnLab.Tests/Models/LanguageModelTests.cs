using RnnLab.Analysis;
using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Models;
using RnnLab.Recurrence;
using RnnLab.Tests.Cells;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Models;

/// <summary>The whole model end to end.</summary>
public sealed class LanguageModelTests
{
    private const int V = 7;

    private static LanguageModel Model(Func<Cell> cell, bool oneHot = false, double dropout = 0, LossReduction reduction = LossReduction.Mean)
    {
        TokenInput input = oneHot ? new OneHot(V, ScalarType.Float64) : new Embedding(V, 3, 5, dtype: ScalarType.Float64);
        var rnn = RecurrentStack.Create(cell, input.Width, 2, dropout, seed: 5, dtype: ScalarType.Float64);
        return new(input, rnn, new Linear(rnn.OutputSize, V, 5, dtype: ScalarType.Float64), reduction);
    }

    private static IReadOnlyList<AuditRow> Audit(LanguageModel model)
    {
        var (ids, targets) = (Draw.Tokens("ids", V, 8, 3), Draw.Tokens("targets", V, 5, 3));
        var s0 = model.ZeroState(3).Map(s => s + 0.1);
        return GradientAudit.Of(model, ids, targets, s0, elements: 30);
    }

    public static TheoryData<string> Cells => [.. CellGradientTests.Cells.Keys];

    [Theory]
    [MemberData(nameof(Cells))]
    public void Two_layers_end_to_end_pass_the_gradient_audit(string cell)
    {
        using var scope = NewDisposeScope();
        using var model = Model(CellGradientTests.Cells[cell], dropout: 0.2);
        model.train();
        var rows = Audit(model);
        Assert.Equal(model.named_parameters().Select(p => p.name), rows.Select(r => r.Name));
        Assert.All(rows, row => Assert.True(row.Holds, row.ToString()));
        Assert.All(rows, row => Assert.True(row.Largest > 1e-6, $"{row.Name} has no gradient to speak of"));
    }

    [Fact]
    public void One_hot_input_and_a_sum_over_time_pass_the_gradient_audit()
    {
        using var scope = NewDisposeScope();
        using var model = Model(() => new LstmCell(4), oneHot: true, reduction: LossReduction.SumOverTime);
        Assert.All(Audit(model), row => Assert.True(row.Holds, row.ToString()));
    }

    [Theory]
    [InlineData("lstm", "da:1"), InlineData("gru", "dh"), InlineData("rnn tanh", "dq:0")]
    public void The_gradient_audit_finds_a_sign_turned_in_a_cell(string cell, string fault)
    {
        using var scope = NewDisposeScope();
        using var model = Model(() => new FaultyCell(CellGradientTests.Cells[cell](), fault));
        Assert.Contains(Audit(model), row => row.Autograd > Difference.CentralDifferences && row.CentralDifferences > Difference.CentralDifferences);
    }

    [Fact]
    public void The_sum_over_time_is_the_mean_times_the_steps()
    {
        using var scope = NewDisposeScope();
        using var mean = Model(() => new GruCell(4));
        using var sum = Model(() => new GruCell(4), reduction: LossReduction.SumOverTime);
        var (ids, targets) = (Draw.Tokens("ids", V, 6, 2), Draw.Tokens("targets", V, 6, 2));
        using var a = mean.Forward(ids, mean.ZeroState(2));
        using var b = sum.Forward(ids, sum.ZeroState(2));
        Same.Within(Difference.Autograd, a.Loss(targets) * 6, b.Loss(targets));
    }

    [Fact]
    public void Scores_equal_the_windows_loss_and_single_steps()
    {
        using var scope = NewDisposeScope();
        using var model = Model(() => new LstmCell(4));
        var (ids, targets) = (Draw.Tokens("ids", V, 6, 2), Draw.Tokens("targets", V, 6, 2));
        var (sum, _) = model.Score(ids, targets, model.ZeroState(2));
        var nats = sum.item<double>();
        using var window = model.Forward(ids, model.ZeroState(2));
        Assert.Equal(window.Loss(targets).item<double>(), nats / 12, 12);
        var (s, stepwise) = (model.ZeroState(2), 0.0);
        for (var t = 0; t < 6; t++)
        {
            (var logits, s) = model.Step(ids.select(0, t), s);
            stepwise += SoftmaxCrossEntropy.Forward(logits, targets.select(0, t), out _).sum().item<double>();
        }
        Assert.Equal(nats, stepwise, 11);
    }

    [Fact]
    public void Parameters_have_pytorchs_names()
    {
        using var model = Model(() => new LstmCell(4));
        Assert.Equal(
            [
                "embedding.weight",
                "rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0", "rnn.bias_hh_l0",
                "rnn.weight_ih_l1", "rnn.weight_hh_l1", "rnn.bias_ih_l1", "rnn.bias_hh_l1",
                "linear.weight", "linear.bias",
            ],
            model.named_parameters().Select(p => p.name));
    }

    [Fact]
    public void A_window_goes_back_once_and_only_after_its_loss()
    {
        using var scope = NewDisposeScope();
        using var model = Model(() => new GruCell(4));
        var (ids, targets) = (Draw.Tokens("ids", V, 6, 2), Draw.Tokens("targets", V, 6, 2));
        using var window = model.Forward(ids, model.ZeroState(2));
        Assert.Throws<InvalidOperationException>(window.Backward);
        Assert.Throws<ArgumentException>(() => window.Loss(Draw.Tokens("more", V, 7, 2)));
        window.Loss(targets);
        window.Backward();
        foreach (var act in (Action[])[window.Backward, () => window.Loss(targets), () => window.StateBefore(0)])
            Assert.Contains("run the forward again", Assert.Throws<InvalidOperationException>(act).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_that_do_not_fit_are_refused()
    {
        var rnn = RecurrentStack.Create(() => new GruCell(4), 3);
        Assert.Contains("widths do not fit", Assert.Throws<ArgumentException>(() => new LanguageModel(new Embedding(V, 2, 1), rnn, new Linear(4, V, 1))).Message, StringComparison.Ordinal);
    }
}
