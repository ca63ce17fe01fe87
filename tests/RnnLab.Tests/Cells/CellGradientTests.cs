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
        ["rnn tanh"] = New("rnn"),
        ["rnn relu"] = New("rnn", ("nonlinearity", "relu")),
        ["indrnn relu"] = New("indrnn"),
        ["indrnn tanh"] = New("indrnn", ("nonlinearity", "tanh")),
        ["rnn deep transition"] = New("rnn_deep_transition"),
        ["rnn deep transition of 4"] = New("rnn_deep_transition", ("transition_depth", 4)),
        ["lstm"] = New("lstm"),
        ["lstm projected"] = New("lstm", ("proj_size", 3)),
        ["lstm peephole"] = New("lstm_peephole"),
        ["lstm coupled"] = New("lstm_coupled"),
        ["lstm 1997"] = New("lstm_1997"),
        ["lstm layer norm"] = New("lstm_layer_norm"),
        ["gru"] = New("gru"),
        ["gru reset before"] = New("gru_reset_before"),
        ["gru layer norm"] = New("gru_layer_norm"),
        ["mgu"] = New("mgu"),
    };

    private static readonly string[] WithDirectPath = ["gru", "gru reset before", "gru layer norm", "mgu"], WithCarry = ["gru reset before", "mgu"];

    private static readonly Kernel[] Kernels = [Kernel.Reference, Kernel.Fast];

    /// <summary>The cells with each form of their passes; those that are not built in run the readable one twice.</summary>
    public static TheoryData<string, Kernel> CellsAndKernels => Each.Of(Cells.Keys, Kernels);

    /// <summary>A sign turned in each thing that a cell's adjoint returns.</summary>
    public static TheoryData<string, string> CellsAndFaults
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var (name, make) in Cells)
            {
                var cell = make();
                string[] faults =
                [
                    .. Enumerable.Range(0, cell.InputGates).Select(k => $"da:{k}"), .. Enumerable.Range(0, cell.Gates).Select(k => $"dq:{k}"),
                    .. Enumerable.Range(0, cell.OwnParameters.Count).Select(k => $"own:{k}"),
                    .. cell.HasCellState ? ["dc"] : Array.Empty<string>(), .. WithDirectPath.Contains(name) ? ["dh"] : Array.Empty<string>(),
                    .. WithCarry.Contains(name) ? ["carry"] : Array.Empty<string>(),
                ];
                foreach (var fault in faults)
                    all.Add(name, fault);
            }
            return all;
        }
    }

    public static TheoryData<string, ScalarType, Kernel> LibtorchsCells
        => Each.Of<string, ScalarType, Kernel>(["rnn tanh", "rnn relu", "lstm", "gru"], [ScalarType.Float64, ScalarType.Float32], Kernels);

    [Theory]
    [MemberData(nameof(CellsAndKernels))]
    public void Passes_by_hand_equal_autograd(string cell, Kernel kernel)
    {
        using var scope = NewDisposeScope();
        var problem = Problem(Cells[cell](), kernel: kernel);
        Same.Within(Difference.Autograd, problem.ByAutograd(), problem.ByHand());
    }

    [Theory]
    [MemberData(nameof(CellsAndKernels))]
    public void Passes_by_hand_equal_autograd_without_biases(string cell, Kernel kernel)
    {
        using var scope = NewDisposeScope();
        var problem = Problem(Cells[cell](), bias: false, kernel: kernel);
        Same.Within(Difference.Autograd, problem.ByAutograd(), problem.ByHand());
    }

    [Theory]
    [MemberData(nameof(CellsAndKernels))]
    public void Gradients_by_hand_equal_central_differences(string cell, Kernel kernel)
    {
        using var scope = NewDisposeScope();
        var problem = Problem(Cells[cell](), kernel: kernel);
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
        var problem = Problem(Cells[cell](), kernel: kernel);
        Same.Within(Difference.Autograd, problem.ByHand(), problem.ByHandStepwise());
    }

    [Theory]
    [MemberData(nameof(CellsAndFaults))]
    public void A_sign_turned_in_an_adjoint_is_found(string cell, string fault)
    {
        using var scope = NewDisposeScope();
        var problem = Problem(new FaultyCell(Cells[cell](), fault));
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

    [Fact]
    public void Every_kind_of_the_catalogue_but_the_irnn_is_among_these_cells()
        => Assert.Equal(CellCatalogue.All.Select(kind => kind.Name).Where(name => name != "irnn").Order(), Cells.Values.Select(make => make().Name).Distinct().Order());

    private static Func<Cell> New(string name, params (string, object)[] options)
        => () => CellCatalogue.Of(name).NewCell(4, options.ToDictionary(o => o.Item1, o => o.Item2));

    /// <summary>A problem whose cell's own parameters are not at the ones and zeros of their start, where a mistake in a gain would not show.</summary>
    private static LayerProblem Problem(Cell cell, bool bias = true, Kernel kernel = Kernel.Fast)
    {
        var problem = new LayerProblem(cell, bias: bias, kernel: kernel);
        OwnValues.Move(problem.Layer);
        return problem;
    }
}
