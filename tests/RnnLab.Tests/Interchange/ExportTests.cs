using RnnLab.Experiments.Runs;
using RnnLab.Tests.CommandLine;
using RnnLab.Training.Safetensors;

namespace RnnLab.Tests.Interchange;

/// <summary>Weights out of a run and into the verbs, by the command line.</summary>
public sealed class ExportTests(CompleteRun run) : IClassFixture<CompleteRun>
{
    private readonly SmallExperiment _experiment = run.Experiment;

    private string Export(string name, string checkpoint = "last")
    {
        var output = _experiment.Call("export", run.Path, name, "--checkpoint", checkpoint).Succeeded().Output;
        Assert.StartsWith($"{name}: ", output, StringComparison.Ordinal);
        return _experiment.PathOf(name);
    }

    [Theory]
    [InlineData("best"), InlineData("last")]
    public void An_exported_file_has_the_checkpoints_weights(string checkpoint)
    {
        var folder = RunDirectory.Open(run.Path);
        var exported = SafetensorsFile.Read(Export($"{checkpoint}.safetensors", checkpoint));
        var kept = SafetensorsFile.Read(Path.Combine(folder.CheckpointsPath, new CheckpointStore(folder).Read(checkpoint).Model.File));
        Assert.Equal(kept.Entries.Select(e => e.Name), exported.Entries.Select(e => e.Name));
        foreach (var (mine, theirs) in exported.Entries.Zip(kept.Entries))
            Assert.True(mine.Data.Span.SequenceEqual(theirs.Data.Span), mine.Name);
        Assert.Equal("pt", exported.Metadata["format"]);
    }

    [Fact]
    public void Weights_of_a_file_take_the_checkpoints_place()
    {
        var file = Export("place.safetensors");
        var fresh = _experiment.Train("training.steps=1");
        var expected = Lines(_experiment.Call("eval", run.Path, "--checkpoint", "last"));
        Assert.NotEqual(expected[1..], Lines(_experiment.Call("eval", fresh))[1..]);
        var actual = Lines(_experiment.Call("eval", fresh, "--weights", file));
        Assert.Equal($"weights          {file}", actual[0]);
        Assert.Equal(expected[1..], actual[1..]);
        Assert.Equal(
            _experiment.Call("sample", run.Path, "--checkpoint", "last", "--length", "60").Succeeded().Output,
            _experiment.Call("sample", fresh, "--weights", file, "--length", "60").Succeeded().Output);
    }

    [Fact]
    public void A_file_that_does_not_fit_is_told_in_one_line()
    {
        var file = Export("fit.safetensors");
        var other = _experiment.Train("training.steps=1", "model.hidden_size=12");
        _experiment.Call("eval", other, "--weights", file)
            .RefusedWith($"{file}: these are another model's weights: wrong shape: rnn.weight_ih_l0 is (64, 8), expected (48, 8)");
        _experiment.Call("sample", run.Path, "--weights", "text.txt").RefusedWith("text.txt: this is no safetensors file");
        _experiment.Call("eval", run.Path, "--weights", "none.safetensors").RefusedWith("none.safetensors: no such file");
        _experiment.Call("export", run.Path, "none/x.safetensors").RefusedWith("none/x.safetensors: cannot be written: no such folder");
        _experiment.Call("export", _experiment.Path, "x.safetensors").RefusedWith(_experiment.Path);
    }

    [Fact]
    public void Weights_of_another_cell_with_the_same_shapes_are_refused()
    {
        var before = _experiment.Train("training.steps=1", "model.cell=gru_reset_before");
        _experiment.Call("export", before, "before.safetensors").Succeeded();
        var after = _experiment.Train("training.steps=1", "model.cell=gru");
        _experiment.Call("eval", after, "--weights", "before.safetensors").RefusedWith("these are another model's weights: its cell is gru_reset_before, this model's is gru");
    }

    private static string[] Lines(ProgramResult result) => result.Succeeded().Output.Split('\n');
}
