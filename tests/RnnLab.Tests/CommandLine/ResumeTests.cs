using RnnLab.Experiments;
using RnnLab.Experiments.Runs;

namespace RnnLab.Tests.CommandLine;

public sealed class ResumeTests(CompleteRun complete) : IClassFixture<CompleteRun>
{
    private readonly SmallExperiment _experiment = complete.Experiment;

    [Fact]
    public void A_complete_run_goes_on_when_it_is_given_more_steps()
    {
        // Both evaluate at step 24, so that the longer run is the shorter one with more rows.
        var longer = _experiment.Train("training.steps=40");
        var run = _experiment.CopyOf(complete.Path);
        _experiment.Resume(run, "training.steps=40");
        SmallExperiment.RequireEqual(longer, run);
        Assert.Equal(40, MetricsReader.Read(RunDirectory.Open(run).MetricsPath)[^1].Step);
        Assert.Equal(40, ExperimentConfig.Load(RunDirectory.Open(run).ConfigPath).Training.Steps);
    }

    [Fact]
    public void A_complete_run_that_is_resumed_stays_as_it_is()
    {
        var run = _experiment.CopyOf(complete.Path);
        var metrics = File.ReadAllText(RunDirectory.Open(run).MetricsPath);
        _experiment.Resume(run);
        Assert.Equal(metrics, File.ReadAllText(RunDirectory.Open(run).MetricsPath));
    }

    [Theory]
    [InlineData("model.hidden_size=17", "model.hidden_size: 17, but the run ")]
    [InlineData("training.optimizer.learning_rate=2e-2", "training.optimizer.learning_rate: 0.02, but the run ")]
    [InlineData("seed=4", "seed: 4, but the run ")]
    [InlineData("training.optimizer={name: sgd}", "training.optimizer.name: sgd, but the run ")]
    [InlineData("model.init.forget_bias=1", "model.init.forget_bias: 1, but the run ")]
    public void A_changed_key_is_refused(string changed, string message)
    {
        var run = complete.Path;
        var before = File.ReadAllText(RunDirectory.Open(run).ConfigPath);
        _experiment.Call("train", "--resume", run, changed).RefusedWith(message);
        Assert.Equal(before, File.ReadAllText(RunDirectory.Open(run).ConfigPath));
        Assert.Equal([1], RunDirectory.Open(run).Attempts());
    }

    [Fact]
    public void The_config_that_a_run_was_started_with_is_accepted_and_a_changed_one_is_not()
    {
        var run = _experiment.CopyOf(complete.Path);
        _experiment.Call("train", SmallExperiment.Config, "--resume", run).Succeeded();
        _experiment.Call("train", SmallExperiment.Config, "model.cell=gru", "--resume", run).RefusedWith("model.cell: gru, but the run ");
    }

    [Fact]
    public void A_text_that_has_changed_is_refused()
    {
        File.Copy(_experiment.PathOf("text.txt"), _experiment.PathOf("changing.txt"));
        var run = _experiment.Train("task.text=changing.txt");
        File.AppendAllText(_experiment.PathOf("changing.txt"), "more");
        _experiment.Call("train", "--resume", run, "training.steps=40").RefusedWith("changing.txt: the text has changed since the run ");
        _experiment.Call("eval", run).RefusedWith("changing.txt: the text has changed since the run ");
        File.Delete(_experiment.PathOf("changing.txt"));
        _experiment.Call("train", "--resume", run, "training.steps=40").RefusedWith("changing.txt: no such text file or folder");
    }

    [Fact]
    public void A_text_that_was_put_together_from_a_folder_is_the_run_s_own()
    {
        Directory.CreateDirectory(_experiment.PathOf("texts"));
        File.Copy(_experiment.PathOf("text.txt"), _experiment.PathOf("texts/a.txt"));
        var run = _experiment.Train("task.text=texts");
        File.AppendAllText(_experiment.PathOf("texts/a.txt"), "more");
        _experiment.Resume(run, "training.steps=40");
        _experiment.Call("eval", run).Succeeded();
    }

    [Fact]
    public void A_second_process_on_a_run_is_refused()
    {
        using var first = _experiment.Start("train", SmallExperiment.Config, "training.steps=100000000");
        var run = SmallExperiment.RunOf(first.WaitForLine(SmallExperiment.IsRunLine)!);
        first.WaitForLine(line => line.StartsWith("step 4/", StringComparison.Ordinal));
        _experiment.Call("train", "--resume", run).RefusedWith("another process is writing this run");
        Assert.NotNull(first.WaitForLine(line => line.StartsWith("step ", StringComparison.Ordinal)));
        first.Kill();
        // The lock ends with its process; reading never needed it.
        _experiment.Call("eval", run).Succeeded();
    }

    [Fact]
    public void What_is_no_run_is_refused()
    {
        _experiment.Call("train", "--resume", "nowhere").RefusedWith("nowhere: no such run");
        _experiment.Call("train", "--resume", SmallExperiment.Config).RefusedWith("small.yaml: this is a file; expected the folder of a run");
        _experiment.Call("train", "--resume", "runs/small").RefusedWith("runs/small: this is not one run but holds several; the newest is runs/small/");
        _experiment.Call("eval", "runs").RefusedWith("runs: this is no run: it has no config.yaml");
    }
}
