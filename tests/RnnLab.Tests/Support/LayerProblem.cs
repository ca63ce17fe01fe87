using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Kernels;
using RnnLab.Recurrence.Passes;
using RnnLab.Recurrence.Sequences;

namespace RnnLab.Tests.Support;

/// <summary>
/// A layer, an input, a state and a loss that every engine can solve: L = Σ R⊙y + Σ R_h⊙h_T + Σ R_c⊙c_T with fixed random R of order
/// 1/√size, so that L is of order 1 and ∂L/∂y = R.
/// </summary>
internal sealed class LayerProblem
{
    public LayerProblem(
        Cell cell, long T = 7, long B = 3, long I = 5, ScalarType dtype = ScalarType.Float64, bool bias = true, Kernel kernel = Kernel.Fast)
        : this(new RecurrentLayer(cell, RecurrentParameters.Create(cell, I, "l0", Initialization.PyTorch, 11, bias, dtype)) { Kernel = kernel }, T, B)
    {
    }

    public LayerProblem(RecurrentLayer layer, long T, long B)
    {
        Layer = layer;
        var (cell, I, dtype) = (layer.Cell, layer.InputSize, layer.Parameters.WeightIh.dtype);
        X = Draw.Uniform("x", T, B, I).to(dtype);
        S0 = new(Draw.Uniform("h0", B, cell.OutputSize).to(dtype), cell.HasCellState ? Draw.Uniform("c0", B, cell.HiddenSize).to(dtype) : null);
        var scale = 1 / Math.Sqrt(T * B * cell.OutputSize);
        R = Draw.Uniform("R", T, B, cell.OutputSize).to(dtype) * scale;
        Rs = new((Draw.Uniform("Rh", B, cell.OutputSize) * scale).to(dtype), cell.HasCellState ? (Draw.Uniform("Rc", B, cell.HiddenSize) * scale).to(dtype) : null);
    }

    public RecurrentLayer Layer { get; }

    public Tensor X { get; }

    public CellState S0 { get; }

    public Tensor R { get; }

    public CellState Rs { get; }

    /// <summary>Lengths, and what masks depend on.</summary>
    public SequenceOptions Options { get; init; } = SequenceOptions.Default;

    /// <summary>What the tapes keep.</summary>
    public TapeMemory Memory { get; set; } = TapeMemory.Full;

    public IEnumerable<(string Name, Parameter Parameter)> Parameters => Layer.Parameters.Named(Layer.Cell, "l0");

    /// <summary>The results of one form of the passes, whichever the layer has.</summary>
    public Dictionary<string, Tensor> ByHand(Kernel kernel)
    {
        var own = Layer.Kernel;
        Layer.Kernel = kernel;
        var results = ByHand();
        Layer.Kernel = own;
        return results;
    }

    /// <summary>The results of fused passes of any width and on any threads.</summary>
    public Dictionary<string, Tensor> ByHand(FusedPasses passes)
    {
        using var no_grad = torch.no_grad();
        Gradients.Zero(Parameters.Select(p => p.Parameter));
        var call = Call();
        using var forward = passes.Forward(call, wantOutput: true);
        var (sT, tape) = forward.Record(0, call.Steps.T, S0);
        using var backward = passes.Backward(call, R.reshape(call.X.shape[0], -1), Rs, wantDx: true);
        backward.Run(tape);
        var (dx, ds0) = backward.Finish();
        backward.Dispose();
        return Results(forward.Output().view(R.shape), sT, dx!.view(X.shape), ds0, p => Gradients.Of(p).clone());
    }

    /// <summary>The outputs of fused passes that record nothing.</summary>
    public Tensor OutputOf(FusedPasses passes)
    {
        using var no_grad = torch.no_grad();
        var call = Call();
        using var forward = passes.Forward(call, wantOutput: true);
        forward.Run(0, call.Steps.T, S0);
        return forward.Output().view(R.shape);
    }

    /// <summary>Outputs, final state and all gradients by the hand-written passes.</summary>
    public Dictionary<string, Tensor> ByHand()
    {
        Gradients.Zero(Parameters.Select(p => p.Parameter));
        using var tape = new Tape(Memory);
        var (y, sT) = Layer.Forward(X, S0, tape, Options);
        var (dx, ds0) = Layer.Backward(tape, R, Rs);
        return Results(y, sT, dx, ds0, p => Gradients.Of(p).clone());
    }

    /// <summary>The same by the primitive, one step at a time.</summary>
    public Dictionary<string, Tensor> ByHandStepwise()
    {
        Gradients.Zero(Parameters.Select(p => p.Parameter));
        using var tape = new Tape();
        var (s, h, T) = (S0, new List<Tensor>(), (int)X.shape[0]);
        for (var t = 0; t < T; t++)
        {
            s = Layer.Step(X.select(0, t), s, tape);
            h.Add(s.H);
        }
        using var backward = Layer.BeginBackward(tape);
        var (dx, ds) = (new Tensor[T], Rs);
        for (var t = T - 1; t >= 0; t--)
            (dx[t], ds) = backward.Step(ds.AddH(R.select(0, t)));
        backward.Finish();
        return Results(stack(h), s, stack(dx), ds, p => Gradients.Of(p).clone());
    }

    /// <summary>The same by autograd over the same cell.</summary>
    public Dictionary<string, Tensor> ByAutograd()
    {
        var (x, s0) = (Leaf(X), S0.Map(Leaf));
        var (y, sT) = AutogradUnroll.Forward(Layer, x, s0, Options);
        return Differentiate(y, sT, x, s0, Parameters.Select(p => (Tensor)p.Parameter));
    }

    /// <summary>The same from outputs in an autograd graph of any making.</summary>
    public Dictionary<string, Tensor> Differentiate(Tensor y, CellState sT, Tensor x, CellState s0, IEnumerable<Tensor> parameters)
    {
        var all = parameters.ToArray();
        var inputs = new List<Tensor>(all) { x, s0.H };
        if (s0.C is { } c0)
            inputs.Add(c0);
        var gradients = autograd.grad([Loss(y, sT)], inputs);
        var byParameter = Parameters.Select((p, i) => (p.Name, gradients[i])).ToDictionary(p => p.Name, p => p.Item2);
        var ds0 = new CellState(gradients[all.Length + 1], s0.C is null ? null : gradients[all.Length + 2]);
        return Results(y.detach(), sT.Map(s => s.detach()), gradients[all.Length], ds0, byParameter);
    }

    /// <summary>L as the forward pass alone gives it, for central differences.</summary>
    public double Loss()
    {
        using var scope = NewDisposeScope();
        var (y, sT) = Layer.Forward(X, S0, options: Options);
        return Loss(y, sT).item<double>();
    }

    private SequenceCall Call()
    {
        var rows = BatchRows.Of(X, null);
        return new(Layer.Parameters, rows.ToRows(X), rows, Layer.Masks(rows, training: false, firstStep: 0));
    }

    private Tensor Loss(Tensor y, CellState sT)
    {
        var loss = (R * y).sum() + (Rs.H * sT.H).sum();
        return sT.C is null ? loss : loss + (Rs.C! * sT.C).sum();
    }

    private Dictionary<string, Tensor> Results(Tensor y, CellState sT, Tensor dx, CellState ds0, Func<Parameter, Tensor> gradient)
        => Results(y, sT, dx, ds0, Parameters.ToDictionary(p => p.Name, p => gradient(p.Parameter)));

    private static Dictionary<string, Tensor> Results(Tensor y, CellState sT, Tensor dx, CellState ds0, Dictionary<string, Tensor> parameters)
    {
        var all = new Dictionary<string, Tensor>(parameters) { ["y"] = y, ["h_T"] = sT.H, ["dx"] = dx, ["dh_0"] = ds0.H };
        if (sT.C is not null)
            (all["c_T"], all["dc_0"]) = (sT.C, ds0.C!);
        return all;
    }

    private static Tensor Leaf(Tensor x) => x.clone().requires_grad_();
}
