using System.Globalization;

namespace RnnLab.Tests.CommandLine;

/// <summary>rnnlab inspect memory, and trainings that do not fit.</summary>
public sealed class InspectTests(SmallExperiment experiment) : IClassFixture<SmallExperiment>
{
    [Fact]
    public void The_table_s_total_is_the_sum_of_its_parts()
    {
        var lines = experiment.Call("inspect", "memory", SmallExperiment.Config, "training.k1=500", "training.k2=500").Succeeded().Output.Split('\n');
        var parts = lines.SkipWhile(line => !line.StartsWith("parameters ", StringComparison.Ordinal)).TakeWhile(line => !line.StartsWith("total ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(
            ["parameters", "gradients", "optimiser state (adam)", "tape of layer 0, fused", "tape of layer 1, fused", "packed weights", "outputs of all layers", "their gradients", "logits and their gradient"],
            parts.Select(line => line[..30].TrimEnd()));
        // Each is printed with two decimals.
        Assert.Equal(parts.Sum(Megabytes), Megabytes(lines.Single(line => line.StartsWith("total ", StringComparison.Ordinal))), 0.005 * (parts.Length + 1));
        Assert.True(Megabytes(lines.Single(line => line.StartsWith("memory at hand ", StringComparison.Ordinal))) > 0);
        Assert.Contains(lines, line => line.StartsWith("tape, fused     T·B·(S·H' + v) + (T + 1)·B·H'", StringComparison.Ordinal));
    }

    [Fact]
    public void The_readable_form_has_another_tape()
        => Assert.Contains("tape of layer 1, readable", experiment.Call("inspect", "memory", SmallExperiment.Config, "kernel=reference").Succeeded().Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("inspect: expected memory")]
    [InlineData("inspect weights: expected memory", "weights", SmallExperiment.Config)]
    [InlineData("inspect memory needs a config file", "memory")]
    [InlineData("nowhere.yaml: no such file", "memory", "nowhere.yaml")]
    [InlineData("nowhere.txt: no such text file or folder", "memory", SmallExperiment.Config, "task.text=nowhere.txt")]
    [InlineData("kernel=quick: expected one of fast, reference", "memory", SmallExperiment.Config, "kernel=quick")]
    public void A_mistake_is_told_in_one_line(string message, params string[] arguments)
        => Assert.Equal("", experiment.Call(["inspect", .. arguments]).RefusedWith(message).Output);

    [Fact]
    public void A_model_that_does_not_fit_is_refused_in_one_line()
        => Refused(
            "the parameters, their gradients and the optimiser's state need about ",
            "lower model.hidden_size (20000) or model.num_layers (1024); rnnlab inspect memory CONFIG",
            "model.hidden_size=20000", "model.num_layers=1024");

    [Fact]
    public void A_window_that_does_not_fit_is_refused_in_one_line()
    {
        File.WriteAllText(experiment.PathOf("long.txt"), string.Concat(Enumerable.Repeat("a longer text, ", 200_000)));
        Refused(
            "this training needs about ",
            "lower training.k1 (20000), training.batch_size (100) or model.hidden_size (64); rnnlab inspect memory CONFIG",
            "task.text=long.txt", "training.k1=20000", "training.k2=20000", "training.batch_size=100", "model.hidden_size=64", "model.num_layers=1024");
    }

    private void Refused(string what, string advice, params string[] overrides)
    {
        var result = experiment.Call(["train", SmallExperiment.Config, .. overrides]).RefusedWith(what);
        Assert.Contains(advice, result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
        Assert.False(Directory.Exists(experiment.PathOf("runs")), "it left something behind");
    }

    private static double Megabytes(string line) => double.Parse(line[30..], NumberStyles.Number, CultureInfo.InvariantCulture);
}
