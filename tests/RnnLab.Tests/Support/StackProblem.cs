using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Recurrence;

namespace RnnLab.Tests.Support;

/// <summary>A stack, an input, states and a loss, as <see cref="LayerProblem"/> has them for one layer: L = Σ R⊙y and, over all its layers, Σ R_h⊙h_T + Σ R_c⊙c_T.</summary>
internal sealed class StackProblem
{
    public StackProblem(RecurrentStack rnn, long T, long B)
    {
        Rnn = rnn;
        var dtype = rnn.Layers[0].Parameters.WeightIh.dtype;
        var scale = 1 / Math.Sqrt(T * B * rnn.OutputSize);
        CellState Drawn(string kind, int k, double factor)
        {
            var cell = rnn.Layers[k].Cell;
            Tensor One(string name, long width) => (Draw.Uniform($"{kind}{name}{k}", B, width) * factor).to(dtype);
            return new(One("h", cell.OutputSize), cell.HasCellState ? One("c", cell.HiddenSize) : null);
        }
        X = Draw.Uniform("x", T, B, rnn.InputSize).to(dtype);
        S0 = new([.. Enumerable.Range(0, rnn.Layers.Count).Select(k => Drawn("s0", k, 1))]);
        R = (Draw.Uniform("R", T, B, rnn.OutputSize) * scale).to(dtype);
        Rs = new([.. Enumerable.Range(0, rnn.Layers.Count).Select(k => Drawn("R", k, scale))]);
    }

    public RecurrentStack Rnn { get; }

    public Tensor X { get; }

    public RecurrentState S0 { get; }

    public Tensor R { get; }

    public RecurrentState Rs { get; }

    /// <summary>Lengths and the number of the first step.</summary>
    public SequenceOptions Options { get; init; } = SequenceOptions.Default;

    /// <summary>Outputs, final states and all gradients by the hand-written passes.</summary>
    public Dictionary<string, Tensor> ByHand(TapeMemory? memory = null)
    {
        Gradients.Zero(Rnn.parameters());
        using var tape = new StackTape(memory);
        var (y, sT) = Rnn.Forward(X, S0, tape, Options);
        var (dx, ds0) = Rnn.Backward(tape, R, Rs);
        return Results(y, sT, dx, ds0, Rnn.named_parameters().ToDictionary(p => p.name, p => Gradients.Of(p.parameter).clone()));
    }

    /// <summary>The same by single steps, each input given when the one before has been done.</summary>
    public Dictionary<string, Tensor> ByHandStepwise()
    {
        Gradients.Zero(Rnn.parameters());
        var T = (int)X.shape[0];
        using var steps = Rnn.BeginSteps(S0, record: true, Options.FirstStep);
        var y = Enumerable.Range(0, T).Select(t => steps.Step(X.select(0, t))).ToArray();
        var sT = steps.State.Map(s => s.clone());
        var dx = new Tensor[T];
        for (var t = T - 1; t >= 0; t--)
            dx[t] = steps.StepBackward(R.select(0, t), t == T - 1 ? Rs : null);
        var ds0 = steps.Finish();
        return Results(stack(y), sT, stack(dx), ds0, Rnn.named_parameters().ToDictionary(p => p.name, p => Gradients.Of(p.parameter).clone()));
    }

    /// <summary>The same by autograd over the same cells.</summary>
    public Dictionary<string, Tensor> ByAutograd()
    {
        var (x, s0) = (Leaf(X), S0.Map(Leaf));
        var (y, sT) = AutogradUnroll.Forward(Rnn, x, s0, Options);
        return Differentiate(y, sT, x, s0, Rnn.named_parameters().Select(p => (p.name, (Tensor)p.parameter)));
    }

    /// <summary>The same from outputs in an autograd graph of any making.</summary>
    public Dictionary<string, Tensor> Differentiate(Tensor y, RecurrentState sT, Tensor x, RecurrentState s0, IEnumerable<(string Name, Tensor Tensor)> parameters)
    {
        var all = parameters.ToArray();
        var gradients = autograd.grad([Loss(y, sT)], [.. all.Select(p => p.Tensor), x, .. s0.Named().Select(s => s.Tensor)]);
        var next = all.Length + 1;
        var ds0 = s0.Map(_ => gradients[next++]);
        return Results(y.detach(), sT.Map(s => s.detach()), gradients[all.Length], ds0, all.Zip(gradients).ToDictionary(p => p.First.Name, p => p.Second));
    }

    /// <summary>L as the forward pass alone gives it, for central differences.</summary>
    public double Loss()
    {
        using var scope = NewDisposeScope();
        var (y, sT) = Rnn.Forward(X, S0, options: Options);
        return Loss(y, sT).item<double>();
    }

    private Tensor Loss(Tensor y, RecurrentState sT)
        => (R * y).sum() + sT.Named().Zip(Rs.Named(), (s, r) => (r.Tensor * s.Tensor).sum()).Aggregate((sum, term) => sum + term);

    private static Dictionary<string, Tensor> Results(Tensor y, RecurrentState sT, Tensor dx, RecurrentState ds0, Dictionary<string, Tensor> parameters)
    {
        var all = new Dictionary<string, Tensor>(parameters) { ["y"] = y, ["dx"] = dx };
        foreach (var (name, tensor) in sT.Named())
            all[$"{name} at T"] = tensor;
        foreach (var (name, tensor) in ds0.Named())
            all[$"d{name} at 0"] = tensor;
        return all;
    }

    private static Tensor Leaf(Tensor x) => x.clone().requires_grad_();
}
