using RnnLab.Tests.CommandLine;

namespace RnnLab.Tests.Interchange;

/// <summary><c>training.initial_weights</c>: a run that starts from the weights of a file.</summary>
public sealed class InitialWeightsTests(CompleteRun run) : IClassFixture<CompleteRun>
{
    // An update of this size changes no figure that is printed.
    private static readonly string[] HardlyTrained = ["training.steps=1", "training.optimizer.learning_rate=1e-12"];

    private readonly SmallExperiment _experiment = run.Experiment;

    private string Figures(string run, params string[] more) => _experiment.Call(["eval", run, .. more]).Succeeded().Output.Split('\n', 2)[1];

    [Fact]
    public void A_run_starts_from_the_weights_of_a_file_and_goes_on_without_it()
    {
        _experiment.Call("export", run.Path, "last.safetensors", "--checkpoint", "last").Succeeded();
        var started = _experiment.Train(["training.initial_weights=last.safetensors", .. HardlyTrained]);
        var expected = Figures(run.Path, "--checkpoint", "last");
        Assert.Equal(expected, Figures(started));
        Assert.NotEqual(expected, Figures(_experiment.Train(HardlyTrained)));

        File.Move(_experiment.PathOf("last.safetensors"), _experiment.PathOf("elsewhere"));
        _experiment.Resume(started, "training.steps=2");
        Assert.Equal(expected, Figures(started, "--checkpoint", "last"));
    }

    [Fact]
    public void A_file_that_does_not_fit_is_told_before_the_run_has_a_folder()
    {
        _experiment.Call("export", run.Path, "other.safetensors").Succeeded();
        Refused("other.safetensors: these are another model's weights", "training.initial_weights=other.safetensors", "model.hidden_size=12");
        Refused("none.safetensors: no such file", "training.initial_weights=none.safetensors");
        Assert.False(Directory.Exists(_experiment.PathOf("runs/refused")));

        void Refused(string message, params string[] overrides)
            => _experiment.Call(["train", SmallExperiment.Config, "name=refused", .. overrides]).RefusedWith(message);
    }
}
