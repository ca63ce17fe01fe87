using System.CommandLine;
using RnnLab.Cells;
using RnnLab.Experiments.Configuration;
using RnnLab.Recurrence;

namespace RnnLab.Cli;

/// <summary><c>rnnlab cells [NAME] [--hidden-size H] [--input-size I]</c></summary>
internal static class CellsCommand
{
    private const string Untied = "untied_rnn";
    private const int Largest = 65536, NearestNames = 3;

    public static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = "One cell; all unless given.", Arity = ArgumentArity.ZeroOrOne };
        var hidden = new Option<int>("--hidden-size") { Description = "H, of the number of parameters.", HelpName = "H", DefaultValueFactory = _ => 128 };
        var input = new Option<int>("--input-size") { Description = "I, of the number of parameters.", HelpName = "I", DefaultValueFactory = _ => 64 };
        var command = new Command("cells", "List the cells: equations, parameters, options, where they run, and the papers.") { name, hidden, input };
        command.SetAction(parsed => Run(parsed.GetValue(name), Size(parsed.GetValue(hidden), "--hidden-size"), Size(parsed.GetValue(input), "--input-size")));
        return command;
    }

    private static int Run(string? name, int H, int I)
    {
        var names = CellCatalogue.All.Select(kind => kind.Name).Append(Untied).ToArray();
        if (name is not null && !names.Contains(name))
            throw new UserException($"there is no cell {name}; {Nearest(name, names)} (rnnlab cells lists all)");
        var blocks = names.Where(n => name is null || n == name).Select(n => n == Untied ? UntiedLines(H, I) : Lines(CellCatalogue.Of(n), H, I));
        Console.WriteLine(string.Join("\n\n", blocks.Select(lines => string.Join('\n', lines))));
        return 0;
    }

    private static IEnumerable<string> Lines(CellKind kind, int H, int I)
    {
        var (cell, defaults) = (kind.NewCell(H), kind.Options.Count > 0 ? " and the default options" : "");
        return
        [
            $"{kind.Name}: {kind.Summary}",
            .. kind.Equations.Select(equation => $"    {equation}"),
            $"  parameters  {ParameterFormula.Of(cell)} = {ParameterFormula.Count(cell, I):n0} for H = {H}, I = {I}{defaults}",
            .. kind.Options.Select(option => $"  option      {option.Name}: {option.Meaning}; {option.Expected()}, default {option.DefaultValue}"),
            $"  runs        {Engines(kind, H)}",
            $"  paper       {kind.Paper}",
        ];
    }

    private static IEnumerable<string> UntiedLines(int H, int I) =>
    [
        $"{Untied}: the rnn without weight sharing, for comparison; in a config model.name: untied_rnn, in the library RnnLab.Recurrence.UntiedRnn",
        "    h_t = nonlinearity(W_ih[t] x_t + b_ih[t] + W_hh[t] h_{t-1} + b_hh[t])",
        $"  parameters  T·({ParameterFormula.Of(new RnnCell(H))}) = T·{ParameterFormula.Count(new RnnCell(H), I):n0} for H = {H}, I = {I} and sequences of up to T steps",
        "  runs        cpu and cuda: readable form",
        "  paper       Elman 1990, unrolled into T layers of their own",
    ];

    private static string Engines(CellKind kind, int H)
        => FusedCells.Contain(kind.NewCell(H)) ? "cpu: fused passes (kernel: fast) or readable form; cuda: readable form" : "cpu and cuda: readable form";

    private static string Nearest(string name, IEnumerable<string> names)
        => Spelling.Nearest(name, names) is { } nearest
            ? $"did you mean {nearest}?"
            : $"the nearest names are {string.Join(", ", names.OrderBy(n => Spelling.Distance(name, n)).Take(NearestNames))}";

    private static int Size(int value, string option)
        => value is >= 1 and <= Largest ? value : throw new UserException($"{option} {value}: expected an integer from 1 to {Largest}");
}
