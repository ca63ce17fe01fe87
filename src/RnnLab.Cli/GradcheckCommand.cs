using System.CommandLine;
using RnnLab.Analysis;
using RnnLab.Experiments;

namespace RnnLab.Cli;

/// <summary><c>rnnlab gradcheck CONFIG [key=value …]</c></summary>
internal static class GradcheckCommand
{
    public static Command Create()
    {
        var arguments = new Argument<string[]>("CONFIG [key=value ...]")
        {
            Description = "A config file, and keys of it to set. Its model is made in float64 on the CPU and given random tokens, or the first examples of its task; a text is not read.",
            Arity = ArgumentArity.OneOrMore,
        };
        var elements = new Option<int>("--elements") { Description = "Elements of each parameter to try by central differences, beside the one with the largest gradient.", HelpName = "N", DefaultValueFactory = _ => 20 };
        var command = new Command("gradcheck", "Hold a model's hand-written gradients to autograd and to central differences.") { arguments, elements };
        command.SetAction(parsed => Run(ConfigArguments.Of(parsed.GetValue(arguments) ?? [], "gradcheck"), parsed.GetValue(elements)));
        return command;
    }

    private static int Run(ConfigArguments arguments, int elements)
    {
        if (elements < 1)
            throw new UserException($"--elements {elements}: expected a positive integer");
        var config = ExperimentConfig.Load(arguments.RequireConfig(), arguments.Overrides);
        var rows = ModelAudit.Of(config, elements);
        Console.WriteLine($"{"parameter",-28} {"shape",-14} {"max |g|",10} {"autograd",10} {"differences",12}");
        foreach (var row in rows)
            Console.WriteLine($"{row.Name,-28} {$"({string.Join(", ", row.Shape)})",-14} {row.Largest,10:0.00e+00} {(row.Autograd is { } autograd ? $"{autograd:0.0e+00}" : "-"),10} {row.CentralDifferences,12:0.0e+00}{(row.Holds ? "" : "  FAILS")}");
        var bound = rows.Any(row => row.Autograd is not null) ? $"{Difference.Autograd:0e+00} against autograd, " : "";
        Console.WriteLine($"bounds: max|a - b| / max|b| at most {bound}{Difference.CentralDifferences:0e+00} against central differences");
        if (config.Training.Forcing is not null)
            Console.WriteLine("training.forcing has no part in it: every step is fed the truth");
        return rows.All(row => row.Holds) ? 0 : 1;
    }
}
