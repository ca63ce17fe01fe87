using RnnLab.Experiments.Runs;

namespace RnnLab.Tests.CommandLine;

/// <summary>A run that goes on under other circumstances: another length, its text somewhere else, other threads, while someone reads it.</summary>
public sealed class ResumeElsewhereTests(CompleteRun complete) : IClassFixture<CompleteRun>
{
    private readonly SmallExperiment _experiment = complete.Experiment;

    [Fact]
    public void A_text_that_was_moved_is_found_again_and_remembered()
    {
        File.Copy(_experiment.PathOf("text.txt"), _experiment.PathOf("here.txt"));
        var run = _experiment.Train("task.text=here.txt");
        File.Move(_experiment.PathOf("here.txt"), _experiment.PathOf("there.txt"));
        _experiment.Call("train", "--resume", run, "training.steps=30").RefusedWith("here.txt: no such text file or folder");
        _experiment.Resume(run, "training.steps=30", "task.text=there.txt");
        _experiment.Resume(run, "training.steps=32");
        _experiment.Call("eval", run).Succeeded();
    }

    [Fact]
    public void Fewer_steps_than_are_done_are_refused_and_change_nothing()
    {
        var run = _experiment.CopyOf(complete.Path);
        var before = File.ReadAllText(RunDirectory.Open(run).ConfigPath);
        _experiment.Call("train", "--resume", run, "training.steps=5").RefusedWith("this run is at step 24; the config's length is 5 steps");
        Assert.Equal(before, File.ReadAllText(RunDirectory.Open(run).ConfigPath));
        Assert.True(File.Exists(RunDirectory.Open(run).MetricsPath));
    }

    [Fact]
    public void Another_machine_or_backend_is_told()
    {
        var run = _experiment.CopyOf(complete.Path);
        var path = RunDirectory.Open(run).EnvironmentPath;
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"backend\": \"", "\"backend\": \"another ", StringComparison.Ordinal));
        var output = _experiment.Call("train", "--resume", run, "training.steps=26").Succeeded().Output;
        Assert.Contains("backend another ", output, StringComparison.Ordinal);
        Assert.Contains("not bit for bit", output, StringComparison.Ordinal);
        Assert.DoesNotContain("not bit for bit", _experiment.Call("train", "--resume", run, "training.steps=28").Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_can_be_evaluated_while_it_replaces_its_checkpoints()
    {
        using var writer = _experiment.Start("train", SmallExperiment.Config, "training.steps=100000000", "training.checkpoint_interval=1", "evaluation.interval=2");
        var run = SmallExperiment.RunOf(writer.WaitForLine(SmallExperiment.IsRunLine)!);
        writer.WaitForLine(line => line.StartsWith("step 4/", StringComparison.Ordinal));
        for (var i = 0; i < 3; i++)
            _experiment.Call("eval", run, "--checkpoint", "last").Succeeded();
        writer.Kill();
    }

    [Fact]
    public void The_last_of_an_overrides_repetitions_holds()
    {
        var run = _experiment.Train("seed=1", "seed=2", "seed=1");
        Assert.Contains("seed: 1\n", File.ReadAllText(RunDirectory.Open(run).ConfigPath), StringComparison.Ordinal);
    }
}
