using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.InteropServices;
using RnnLab;
using RnnLab.Cli;

// Not a RootCommand, which would be called RnnLab.Cli after its assembly.
var root = new Command("rnnlab", "RnnLab: recurrent neural networks by hand-written cells and explicit back-propagation through time.")
{
    new HelpOption(),
    new VersionOption(),
    TrainCommand.Create(),
    EvalCommand.Create(),
    SampleCommand.Create(),
    TranslateCommand.Create(),
    ExportCommand.Create(),
    GradcheckCommand.Create(),
    InspectCommand.Create(),
    CellsCommand.Create(),
    TasksCommand.Create(),
    BenchCommand.Create(),
};

try
{
    var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
    if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
    {
        throw new UserException(parsed.UnmatchedTokens.Count > 0
            ? $"unknown verb or option {parsed.UnmatchedTokens[0]}; rnnlab --help lists them"
            : $"{string.Join(' ', parsed.Errors[0].Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))} (rnnlab {(parsed.CommandResult.Command == root ? "" : $"{parsed.CommandResult.Command.Name} ")}--help tells more)");
    }
    // Mistakes of the user's are told below in one line; the default handler would print a stack trace. Ctrl-C is TrainCommand's.
    return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (UserException exception)
{
    return Tell(exception.Message);
}
catch (Exception exception) when (exception is OutOfMemoryException or ExternalException)
{
    // The machine's limits: memory, or what libtorch says of its own, whose first line tells it.
    return Tell(exception.Message.Split('\n')[0]);
}

static int Tell(string message)
{
    Console.Error.WriteLine($"rnnlab: {message}");
    return 1;
}
