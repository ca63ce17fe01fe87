using RnnLab.Analysis;
using RnnLab.Cells;
using RnnLab.Recurrence;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Cells;

/// <summary>Every cell's hand-written passes over a sequence: against autograd, central differences and one step at a time.</summary>
public sealed class CellGradientTests
{
    internal static readonly Dictionary<string, Func<Cell>> Cells = new()
    {
        ["rnn tanh"] = () => new RnnCell(4),
        ["rnn relu"] = () => new RnnCell(4, Nonlinearity.Relu),
        ["lstm"] = () => new LstmCell(4),
        ["lstm projected"] = () => new LstmCell(4, 3),
        ["gru"] = () => new GruCell(4),
        ["gru reset before"] = () => new GruResetBeforeCell(4),
        ["lstm peephole"] = () => new PeepholeLstmCell(4),
        ["indrnn"] = () => new IndRnnCell(4),
    };

    private static readonly Kernel[] Kernels = [Kernel.Reference, Kernel.Fast];

    /// <summary>The cells with each form of their passes; those that are not built in run the readable one twice.</summary>
    public static TheoryData<string, Kernel> CellsAndKernels => Each.Of(Cells.Keys, Kernels);

    public static TheoryData<string, ScalarType, Kernel> LibtorchsCells
        => Each.Of<string, ScalarType, Kernel>(["rnn tanh", "rnn relu", "lstm", "gru"], [ScalarType.Float64, ScalarType.Float32], Kernels);

    [Theory]
    [MemberData(nameof(CellsAndKernels))]
    public void Passes_by_hand_equal_autograd(string cell, Kernel kernel)
    {
        using var scope = NewDisposeScope();
        var problem = new LayerProblem(Cells[cell](), kernel: kernel);
        Same.Within(Difference.Autograd, problem.ByAutograd(), problem.ByHand());
    }

    [Theory]
    [MemberData(nameof(CellsAndKernels))]
    public void Passes_by_hand_equal_autograd_without_biases(string cell, Kernel kernel)
    {
        using var scope = NewDisposeScope();
        var problem = new LayerProblem(Cells[cell](), bias: false, kernel: kernel);
        Same.Within(Difference.Autograd, problem.ByAutograd(), problem.ByHand());
    }

    [Theory]
    [MemberData(nameof(CellsAndKernels))]
    public void Gradients_by_hand_equal_central_differences(string cell, Kernel kernel)
    {
        using var scope = NewDisposeScope();
        var problem = new LayerProblem(Cells[cell](), kernel: kernel);
        var byHand = problem.ByHand();
        var variables = problem.Parameters.Select(p => (p.Name, Tensor: (Tensor)p.Parameter)).Append(("dx", problem.X)).Append(("dh_0", problem.S0.H)).ToList();
        if (problem.S0.C is { } c)
            variables.Add(("dc_0", c));
        foreach (var (name, variable) in variables)
        {
            var differences = CentralDifferences.Of(problem.Loss, variable).view(variable.shape);
            Assert.True(Difference.Of(byHand[name], differences) <= Difference.CentralDifferences, $"{name}: {Difference.Of(byHand[name], differences):g3}");
        }
    }

    [Theory]
    [MemberData(nameof(CellsAndKernels))]
    public void Single_steps_equal_the_sequence(string cell, Kernel kernel)
    {
        using var scope = NewDisposeScope();
        var problem = new LayerProblem(Cells[cell](), kernel: kernel);
        Same.Within(Difference.Autograd, problem.ByHand(), problem.ByHandStepwise());
    }

    [Theory]
    [InlineData("rnn tanh", "da:0"), InlineData("rnn tanh", "dq:0")]
    [InlineData("rnn relu", "da:0"), InlineData("rnn relu", "dq:0")]
    [InlineData("lstm", "da:0"), InlineData("lstm", "da:1"), InlineData("lstm", "da:2"), InlineData("lstm", "da:3")]
    [InlineData("lstm", "dq:0"), InlineData("lstm", "dq:1"), InlineData("lstm", "dq:2"), InlineData("lstm", "dq:3"), InlineData("lstm", "dc")]
    [InlineData("gru", "da:0"), InlineData("gru", "da:1"), InlineData("gru", "da:2")]
    [InlineData("gru", "dq:0"), InlineData("gru", "dq:1"), InlineData("gru", "dq:2"), InlineData("gru", "dh")]
    [InlineData("gru reset before", "da:0"), InlineData("gru reset before", "dq:0"), InlineData("gru reset before", "dh"), InlineData("gru reset before", "carry")]
    [InlineData("lstm peephole", "own"), InlineData("lstm peephole", "dc"), InlineData("indrnn", "dq:0")]
    public void A_sign_turned_in_an_adjoint_is_found(string cell, string fault)
    {
        using var scope = NewDisposeScope();
        var problem = new LayerProblem(new FaultyCell(Cells[cell](), fault));
        var (right, wrong) = (problem.ByAutograd(), problem.ByHand());
        var found = right.Keys.Where(name => Difference.Of(wrong[name], right[name]) > Difference.CentralDifferences).ToArray();
        Assert.NotEmpty(found);
    }

    [Theory]
    [MemberData(nameof(LibtorchsCells))]
    public void One_layer_equals_libtorchs_own_operator(string cell, ScalarType dtype, Kernel kernel)
    {
        using var scope = NewDisposeScope();
        var problem = new LayerProblem(Cells[cell](), T: 11, B: 4, I: 6, dtype, kernel: kernel);
        var (x, h0) = (problem.X.clone().requires_grad_(), problem.S0.H.clone().requires_grad_());
        var c0 = problem.S0.C?.clone().requires_grad_();
        var (y, h, c, module) = Libtorch.Forward(new RecurrentStack([problem.Layer]), x, h0.unsqueeze(0), c0?.unsqueeze(0));
        using (module)
        {
            var sT = new CellState(h.select(0, 0), c?.select(0, 0));
            var theirs = problem.Differentiate(y, sT, x, new CellState(h0, c0), module.parameters());
            Same.Within(dtype == ScalarType.Float64 ? Difference.Libtorch64 : Difference.Libtorch32, theirs, problem.ByHand());
        }
    }
}
