using RnnLab.Analysis;
using RnnLab.Recurrence;
using RnnLab.Tests.Cells;
using RnnLab.Tests.Support;
using Xunit.Abstractions;

namespace RnnLab.Tests.Recurrence;

/// <summary>One layer: every cell with every option, in both forms of the passes. The table is the test's output.</summary>
public sealed class LayerGradientTableTests(ITestOutputHelper output)
{
    [Fact]
    public void Outputs_states_and_all_gradients_of_every_cell_with_every_option_equal_autograd_and_central_differences()
    {
        output.WriteLine("worst difference over outputs, final states and all gradients");
        output.WriteLine($"bounds: autograd {Difference.Autograd:g1}, central differences {Difference.CentralDifferences:g1}");
        output.WriteLine($"{"cell",-28}{"option",-26}{"autograd: fast",16}{"reference",16}{"differences",16}");
        var wrong = new List<string>();
        foreach (var cell in CellGradientTests.Cells.Keys)
            foreach (var option in LayerOption.All)
            {
                using var scope = NewDisposeScope();
                if (option.Problem(cell, Kernel.Fast) is not { } problem)
                    continue;
                var expected = problem.ByAutograd();
                var (fast, reference) = (Worst(expected, problem.ByHand(Kernel.Fast)), Worst(expected, problem.ByHand(Kernel.Reference)));
                var differences = FromDifferences(problem);
                var row = $"{cell,-28}{option.Name,-26}{fast,16:g2}{reference,16:g2}{differences,16:g2}";
                output.WriteLine(row);
                if (Math.Max(fast, reference) > Difference.Autograd || differences > Difference.CentralDifferences)
                    wrong.Add(row);
            }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static double Worst(Dictionary<string, Tensor> expected, Dictionary<string, Tensor> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        return expected.Max(p => Difference.Of(actual[p.Key], p.Value));
    }

    private static double FromDifferences(LayerProblem problem)
    {
        var variables = problem.Parameters.Select(p => (p.Name, Tensor: (Tensor)p.Parameter)).Append(("dx", problem.X)).Append(("dh_0", problem.S0.H)).ToList();
        if (problem.S0.C is { } c)
            variables.Add(("dc_0", c));
        return SampledDifferences.Worst(problem.Loss, variables, problem.ByHand());
    }
}
