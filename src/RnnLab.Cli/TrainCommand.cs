using System.CommandLine;
using RnnLab.Experiments;
using RnnLab.Experiments.Runs;

namespace RnnLab.Cli;

/// <summary><c>rnnlab train CONFIG [key=value …] [--resume RUN] [--runs DIR]</c></summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var arguments = new Argument<string[]>("CONFIG [key=value ...]")
        {
            Description = "A config file, and keys of it to set, such as model.hidden_size=256. With --resume the file may be left out.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var resume = new Option<string?>("--resume") { Description = "The folder of a run to go on with from its last checkpoint.", HelpName = "RUN" };
        var runs = new Option<string>("--runs") { Description = "The folder that new runs go into.", HelpName = "DIR", DefaultValueFactory = _ => "runs" };
        var command = new Command("train", "Train a model as a config file says.") { arguments, resume, runs };
        command.SetAction(parsed => Run(ConfigArguments.Of(parsed.GetValue(arguments) ?? [], "train"), parsed.GetValue(resume), parsed.GetValue(runs)!));
        return command;
    }

    private static int Run(ConfigArguments arguments, string? resume, string runs)
    {
        if (arguments.Config is null && resume is null)
            throw new UserException("train needs a config file, such as experiments/quickstart.yaml, or --resume RUN");
        using var run = resume is null
            ? TrainingRun.Start(ExperimentConfig.Load(arguments.Config!, arguments.Overrides), runs)
            : TrainingRun.Resume(resume, arguments.Config, arguments.Overrides);
        Console.WriteLine(run.Description);
        Console.WriteLine($"run {run.Directory.Path}{(run.Step > 0 ? $", resumed at step {run.Step}" : "")}, {run.TotalSteps} steps");
        using var interrupt = new Interrupt();
        var outcome = run.Train(ProgressLine.OnConsole(run.TotalSteps, run.Unit, run.Step), interrupt.Token);
        if (outcome == TrainingOutcome.Completed)
        {
            Console.WriteLine($"done: {run.Directory.ReportPath}");
            return 0;
        }
        Console.Error.WriteLine($"rnnlab: stopped at step {run.Step}; go on with: rnnlab train --resume {run.Directory.Path}");
        return interrupt.ExitCode;
    }
}
