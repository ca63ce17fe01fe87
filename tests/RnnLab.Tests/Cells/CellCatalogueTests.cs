using System.Data;
using RnnLab.Cells;
using RnnLab.Recurrence;

namespace RnnLab.Tests.Cells;

/// <summary>The one list of cells.</summary>
public sealed class CellCatalogueTests
{
    public static TheoryData<string> Names => [.. CellCatalogue.All.Select(kind => kind.Name)];

    [Fact]
    public void Every_cell_of_the_library_is_in_it_once()
    {
        var made = CellCatalogue.All.Select(kind => kind.NewCell(4).GetType()).ToHashSet();
        Assert.Equal(typeof(Cell).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Cell)) && !t.IsAbstract).ToHashSet(), made);
        Assert.Distinct(CellCatalogue.All.Select(kind => kind.Name));
        Assert.All(CellCatalogue.All.Where(kind => kind.Name != "irnn"), kind => Assert.Equal(kind.Name, kind.NewCell(4).Name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_kind_says_what_it_is(string name)
    {
        var kind = CellCatalogue.Of(name);
        Assert.All(kind.Equations.Append(kind.Summary), line => Assert.NotEqual("", line.Trim()));
        Assert.Contains("h_t = ", kind.Equations[^1], StringComparison.Ordinal);
        Assert.Matches(@"^[A-Z][^\d]+(19|20)\d\d", kind.Paper);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_formula_gives_the_number_of_parameters_at_every_size(string name)
    {
        foreach (var (H, I) in new[] { (4, 3), (7, 11) })
        {
            var cell = CellCatalogue.Of(name).NewCell(H);
            using var scope = NewDisposeScope();
            var parameters = RecurrentParameters.Create(cell, I, "l0", Initialization.PyTorch, 1).Named(cell, "l0");
            RequireFormula(cell, I, parameters.Sum(p => p.Parameter.numel()));
        }
    }

    [Fact]
    public void The_formula_knows_a_projection()
    {
        var cell = new LstmCell(7, 3);
        Assert.Equal("4·H·I + 4·H·P + P·H + 8·H", ParameterFormula.Of(cell));
        RequireFormula(cell, 5, 4 * 7 * 5 + 4 * 7 * 3 + 3 * 7 + 8 * 7);
    }

    private static void RequireFormula(Cell cell, int I, long count)
    {
        Assert.Equal(count, ParameterFormula.Count(cell, I));
        using var calculator = new DataTable();
        var numbers = ParameterFormula.Of(cell).Replace("·", "*").Replace("H", $"{cell.HiddenSize}").Replace("I", $"{I}").Replace("P", $"{cell.ProjectionSize}");
        Assert.Equal(count, Convert.ToInt64(calculator.Compute(numbers, null)));
    }

    [Fact]
    public void Options_reach_the_cell_and_defaults_are_the_papers()
    {
        Assert.Equal(Nonlinearity.Relu, Assert.IsType<RnnCell>(New("rnn", ("nonlinearity", "relu"))).Nonlinearity);
        Assert.Equal(Nonlinearity.Tanh, Assert.IsType<RnnCell>(New("rnn")).Nonlinearity);
        Assert.Equal(Nonlinearity.Relu, Assert.IsType<RnnCell>(New("irnn")).Nonlinearity);
        Assert.Equal(Nonlinearity.Relu, Assert.IsType<IndRnnCell>(New("indrnn")).Nonlinearity);
        Assert.Equal(2, New("rnn_deep_transition").Gates);
        Assert.Equal(5, New("rnn_deep_transition", ("transition_depth", 5)).Gates);
        Assert.Equal(3, New("lstm", ("proj_size", 3)).ProjectionSize);
    }

    [Fact]
    public void A_wrong_option_is_refused_with_those_there_are()
    {
        static string Refusal(string name, string option, object value) => Assert.Throws<ArgumentException>(() => New(name, (option, value))).Message;
        Assert.StartsWith("proj_size: cell gru has no such option; it has: (none)", Refusal("gru", "proj_size", 3), StringComparison.Ordinal);
        Assert.StartsWith("proj_size: cell rnn has no such option; it has: nonlinearity", Refusal("rnn", "proj_size", 3), StringComparison.Ordinal);
        Assert.StartsWith("proj_size: expected an integer from 0 to 3, got 4", Refusal("lstm", "proj_size", 4), StringComparison.Ordinal);
        Assert.StartsWith("nonlinearity: expected one of tanh, relu, got sine", Refusal("rnn", "nonlinearity", "sine"), StringComparison.Ordinal);
        var unknown = Assert.Throws<ArgumentException>(() => CellCatalogue.Of("lsmt")).Message;
        Assert.StartsWith("there is no cell lsmt; expected one of rnn, irnn, ", unknown, StringComparison.Ordinal);
    }

    private static Cell New(string name, params (string, object)[] options)
        => CellCatalogue.Of(name).NewCell(4, options.ToDictionary(o => o.Item1, o => o.Item2));
}
