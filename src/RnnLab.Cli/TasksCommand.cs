using System.CommandLine;
using System.Globalization;
using RnnLab.Experiments.Configuration;
using RnnLab.Tasks;

namespace RnnLab.Cli;

/// <summary><c>rnnlab tasks [NAME]</c></summary>
internal static class TasksCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = "One task, with its definition and settings; a list of all unless given.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("tasks", "List the tasks with examples: definitions, settings, and the papers or file formats.") { name };
        command.SetAction(parsed => Run(parsed.GetValue(name)));
        return command;
    }

    private static int Run(string? name)
    {
        if (name is null)
        {
            foreach (var kind in TaskCatalogue.All)
                Console.WriteLine($"{kind.Name,-20} {kind.Summary}");
            return 0;
        }
        string[] names = [.. TaskCatalogue.All.Select(kind => kind.Name)];
        var found = TaskCatalogue.Find(name)
            ?? throw new UserException($"there is no task {name}; {(Spelling.Nearest(name, names) is { } nearest ? $"did you mean {nearest}?" : "rnnlab tasks lists them")}");
        Console.WriteLine($"{found.Name}: {found.Summary}");
        foreach (var line in found.Definition)
            Console.WriteLine($"    {line}");
        foreach (var setting in found.Settings)
            Console.WriteLine($"  setting     {setting.Name}: {setting.Meaning}; {Expected(setting)}");
        Console.WriteLine($"  source      {found.Source}");
        return 0;
    }

    private static string Expected(TaskSetting setting) => string.Create(CultureInfo.InvariantCulture, $"{setting switch
    {
        IntegerSetting s => $"an integer from {s.Min} to {s.Max}, default {s.Default}",
        NumberSetting s => FormattableString.Invariant($"a number from {s.Min} to {s.Max}, default {s.Default}"),
        WordSetting s => $"one of {string.Join(", ", s.Allowed)}, default {s.Default}",
        FlagSetting s => $"true or false, default {(s.Default ? "true" : "false")}",
        FileSetting s => s.Required ? "a file, required" : "a file",
        TextsSetting => "a list of texts",
        IntegersSetting s => $"a list of integers from {s.Min} to {s.Max}, default [{string.Join(", ", s.Default)}]",
        _ => "a text",
    }}");
}
