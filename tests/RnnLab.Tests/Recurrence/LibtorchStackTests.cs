using RnnLab.Analysis;
using RnnLab.Cells;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Sequences;
using RnnLab.Tests.Cells;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Recurrence;

/// <summary>Stacks of either direction over sequences of equal and of unequal lengths, against libtorch's own operators.</summary>
public sealed class LibtorchStackTests
{
    private const int T = 9, B = 4, I = 5;

    private static readonly string[] Cells = ["lstm", "gru", "rnn tanh", "rnn relu"];

    private static readonly Dictionary<string, long[]?> Lengths = new()
    {
        ["one length"] = null,
        ["longest first"] = [9, 6, 6, 1],
        ["in any order"] = [3, 9, 1, 7],
        ["all shorter than the batch"] = [3, 8, 1, 8],
    };

    public static TheoryData<string, string, ScalarType> Cases
        => Each.Of<string, string, ScalarType>(Cells, [.. Lengths.Keys], [ScalarType.Float64, ScalarType.Float32]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Outputs_states_and_all_gradients_equal_libtorchs_own_operator(string cell, string lengths, ScalarType dtype)
    {
        foreach (var (levels, bidirectional) in from levels in (int[])[1, 2, 3] from both in (bool[])[false, true] select (levels, both))
        {
            using var scope = NewDisposeScope();
            using var rnn = RecurrentStack.Create(CellGradientTests.Cells[cell], I, levels, seed: 5, dtype: dtype, bidirectional: bidirectional);
            var given = Lengths[lengths] is { } values ? SequenceLengths.Of(values) : null;
            var problem = new StackProblem(rnn, T, B) { Options = new() { Lengths = given } };

            var (x, s0) = (problem.X.clone().requires_grad_(), problem.S0.Map(s => s.clone().requires_grad_()));
            var (y, h, c, module) = Libtorch.Forward(
                rnn, x, stack(s0.Layers.Select(s => s.H)), s0.Layers[0].C is null ? null : stack(s0.Layers.Select(s => s.C!)), given);
            using (module)
            {
                var sT = new RecurrentState([.. Enumerable.Range(0, rnn.Layers.Count).Select(k => new CellState(h[k], c?[k]))]);
                var theirs = problem.Differentiate(y, sT, x, s0, module.named_parameters().Select(p => (p.name, (Tensor)p.parameter)));
                Same.Within(dtype == ScalarType.Float64 ? Difference.Libtorch64 : Difference.Libtorch32, theirs, problem.ByHand());
            }
        }
    }
}
