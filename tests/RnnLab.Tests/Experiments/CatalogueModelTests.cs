using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RnnLab.Analysis;
using RnnLab.Cells;
using RnnLab.Experiments;
using RnnLab.Experiments.Configuration;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Passes;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Experiments;

/// <summary>Every cell of the catalogue, from a config to a model.</summary>
public sealed class CatalogueModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Cells => [.. CellCatalogue.All.Select(kind => kind.Name)];

    private ExperimentConfig Load(string yaml, params string[] overrides)
    {
        var path = _folder.File("x.yaml");
        File.WriteAllText(path, yaml);
        return ExperimentConfig.Load(path, overrides);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_model_of_the_cell_passes_the_gradient_audit(string cell)
    {
        var config = Load($"task: {{text: t}}\nmodel: {{cell: {cell}, hidden_size: 6, num_layers: 2, embedding_size: 5}}");
        Assert.All(ModelAudit.Of(config, elements: 6), row => Assert.True(row.Holds, row.ToString()));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Its_resolved_config_read_again_is_the_same(string cell)
    {
        var text = YamlText.Write(Load($"task: {{text: t}}\nmodel: {{cell: {cell}}}").ToTree());
        Assert.Contains($"cell: {cell}\n", text, StringComparison.Ordinal);
        Assert.Equal(text, YamlText.Write(Load(text).ToTree()));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Its_parameters_and_its_tape_are_what_the_estimate_says(string cell)
    {
        string[] unbiased = CellCatalogue.Of(cell).NewCell(4).HasProjectionBiases ? ["model.bias=false"] : [], projected = cell == "lstm" ? ["model.proj_size=5"] : [];
        foreach (var more in (string[][])[[], unbiased, projected])
        {
            using var training = new OneTraining(["kernel=reference", "training.batch_size=3", "training.k1=7", "training.k2=7", $"model.cell={cell}", .. more]);
            double Bytes(string part) => training.Estimate.Parts.Single(p => p.Name == part).Bytes;
            Assert.Equal(training.ParameterSizes.Sum() * sizeof(float), Bytes("parameters"));

            using var scope = NewDisposeScope();
            var made = training.Config.Model.Recurrence!.NewCell();
            var parameters = RecurrentParameters.Create(made, 8, "l0", Initialization.PyTorch, 1, training.Config.Model.Recurrence.Bias);
            var layer = new LayerProblem(new RecurrentLayer(made, parameters) { Kernel = Kernel.Reference }, 7, 3);
            using var tape = new Tape();
            layer.Layer.Forward(layer.X, layer.S0, tape);
            Assert.Equal(Numbers(tape) * sizeof(float), Bytes("tape of layer 0, readable"));

            var passes = new ReferenceStep(made, parameters);
            var step = passes.Backward(layer.Rs, tape.Steps.Steps[^1], passes.Product(), dhBefore: null);
            Assert.Equal(ReferenceEquals(step.Da, step.Dq[0]), StepFootprint.Of(made).IsShared);
        }
    }

    [Fact]
    public void An_irnn_starts_as_the_identity_unless_its_config_says_otherwise()
    {
        Assert.Equal(new Initialization { Recurrent = RecurrentStart.Identity, ZeroBias = true }, Load("task: {text: t}\nmodel: {cell: irnn}").Model.Recurrence!.Initialization);
        Assert.Equal(new Initialization(), Load("task: {text: t}\nmodel: {cell: irnn, init: {recurrent: uniform, bias: uniform}}").Model.Recurrence!.Initialization);
        Assert.Equal(
            new Initialization { Recurrent = RecurrentStart.Identity, RecurrentScale = 0.01, ZeroBias = true, Chrono = 50 },
            Load("task: {text: t}\nmodel: {cell: gru, init: {recurrent: identity, recurrent_scale: 0.01, bias: zero, chrono: 50}}").Model.Recurrence!.Initialization);
    }

    [Theory]
    [InlineData("{cell: gru, proj_size: 3}", "model.proj_size: cell gru has no such option; it has: (none)")]
    [InlineData("{cell: lstm, nonlinearity: relu}", "model.nonlinearity: cell lstm has no such option; it has: proj_size")]
    [InlineData("{cell: lstm, proj_sise: 3}", "model.proj_sise: unknown key; did you mean proj_size?")]
    [InlineData("{cell: rnn_deep_transition, transition_depth: 1}", "model.transition_depth: expected an integer from 2 to 64, got 1")]
    [InlineData("{cell: lsmt}", "model.cell: expected one of rnn, irnn, ")]
    [InlineData("{cell: lsmt}", "(did you mean lstm?)")]
    [InlineData("{cell: lstm_layer_norm, bias: false}", "model.bias: cell lstm_layer_norm has biases of its own")]
    [InlineData("{bidirectional: true}", "model.bidirectional: a language model cannot be bidirectional: the reverse direction would see the very token")]
    [InlineData("{init: {chrono: 2}}", "model.init.chrono: expected an integer >= 3")]
    [InlineData("{init: {chrono: 50, forget_bias: 1}}", "model.init.chrono: forget_bias is given too")]
    [InlineData("{cell: lstm_1997, init: {chrono: 50}}", "model.init.chrono: cell lstm_1997 has no gate that decides how long its state lasts")]
    [InlineData("{cell: mgu, init: {forget_bias: 1}}", "model.init.forget_bias: cell mgu has no forget gate")]
    [InlineData("{cell: indrnn, init: {recurrent: orthogonal}}", "model.init.recurrent: cell indrnn has a diagonal recurrent weight")]
    [InlineData("{bias: false, init: {chrono: 50}}", "model.init.chrono: there is no bias to set")]
    [InlineData("{bias: false, init: {bias: zero}}", "model.init.bias: unknown key")]
    [InlineData("{init: {recurrent_scale: 0.5}}", "model.init.recurrent_scale: only with recurrent: identity, not uniform")]
    public void What_a_cell_does_not_have_is_refused_where_it_stands(string model, string fragment)
    {
        var message = Assert.Throws<ConfigException>(() => Load($"task: {{text: t}}\nmodel: {model}\n")).Message;
        Assert.StartsWith($"{_folder.File("x.yaml")}:2: ", message, StringComparison.Ordinal);
        Assert.Contains(fragment, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_language_model_may_say_that_it_is_not_bidirectional()
        => Assert.Equal("lstm", Load("task: {text: t}\nmodel: {bidirectional: false}").Model.Recurrence!.Cell);

    /// <summary>Numbers in memory of their own that a tape's steps hold.</summary>
    private static unsafe long Numbers(Tape tape)
    {
        var seen = new HashSet<nint>();
        var all = tape.Steps.Steps.SelectMany(step =>
            new[] { step.After.H, step.After.C, step.State.H, step.State.C }.OfType<Tensor>().Concat(step.Saved).Concat(step.Operands));
        // Views that are not contiguous belong to no other tensor here.
        return all.Where(tensor => !tensor.is_contiguous() || seen.Add((nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes)))).Sum(tensor => tensor.numel());
    }
}
