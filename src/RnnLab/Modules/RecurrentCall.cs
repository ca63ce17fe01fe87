using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Recurrence;

namespace RnnLab.Modules;

/// <summary>
/// One call of a module: inputs are x (T, B, I), h_0 (layers, B, O), c_0 (layers, B, H) of a cell that has a c, then the weights; results are the output (T, B, D·O) and the
/// states after it, of the inputs' shapes.
/// </summary>
/// <param name="form">What the module computes.</param>
/// <param name="options">Lengths, mode and the number of the first time step.</param>
/// <param name="wanted">Which inputs' gradients are wanted.</param>
internal sealed class RecurrentCall(ModuleForm form, SequenceOptions options, bool[] wanted)
{
    private RecurrentStack? _stack;
    private StackTape? _tape;
    private long _open;

    ~RecurrentCall() => OpenTapes.Close(_open);

    /// <summary>h, or h and c.</summary>
    private int States => form.Cell.HasCellState ? 2 : 1;

    private int FirstWeight => 1 + States;

    /// <summary>The forward pass without a tape.</summary>
    public List<Tensor> Run(IReadOnlyList<Tensor> inputs)
    {
        using var scope = NewDisposeScope();
        using var stack = Stack(inputs);
        return Results(stack.Forward(inputs[0], State(inputs, 1), tape: null, options));
    }

    /// <summary>The forward pass, which leaves a tape for <see cref="Backward"/>.</summary>
    public List<Tensor> Record(IReadOnlyList<Tensor> inputs)
    {
        using var scope = NewDisposeScope();
        try
        {
            (_stack, _tape) = (Stack(inputs), new StackTape(form.TapeMemory));
            var results = Results(_stack.Forward(inputs[0], State(inputs, 1), _tape, options));
            OpenTapes.Open(_open = _tape.PeakBytes);
            return results;
        }
        catch
        {
            Free();
            throw;
        }
    }

    /// <summary>
    /// The gradients of the inputs, null where they are not wanted. The first time it uses the tape; after that, on a graph that was retained, it runs the forward again.
    /// </summary>
    /// <param name="inputs">Those of the forward pass.</param>
    /// <param name="dResults">∂L/∂ of the results, invalid where there is none.</param>
    public List<Tensor?> Backward(IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> dResults)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        if (_stack is null)
            Record(inputs);
        try
        {
            var (stack, x, given) = (_stack!, inputs[0], dResults.Select(Valid).ToArray());
            var dOutput = given[0] ?? zeros([x.shape[0], x.shape[1], stack.OutputSize], x.dtype, x.device);
            var states = given[1..].Select((ds, i) => ds ?? zeros_like(inputs[1 + i])).ToArray();
            var dsT = given[1..].Any(ds => ds is not null) ? State(states, 0) : null;
            Tensor? dx = null;
            RecurrentState ds0;
            if (wanted[0])
                (dx, ds0) = stack.Backward(_tape!, dOutput, dsT);
            else
                ds0 = stack.BackwardToParameters(_tape!, dOutput, dsT);
            var weights = stack.Layers.SelectMany(layer => layer.Parameters.Named(layer.Cell, "").Select(p => Gradients.Of(p.Parameter)));
            return Wanted([dx, .. Stacked(ds0), .. weights]);
        }
        finally
        {
            Free();
        }
    }

    /// <summary>The same as functions that can be differentiated again: the readable form's, by autograd.</summary>
    public List<Tensor?> BackwardInGraph(IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> dResults)
    {
        Free();
        using var scope = NewDisposeScope();
        // The weights' handles are the parameters' from here on; they are the same leaves of the graph.
        var weights = inputs.Skip(FirstWeight).Select(weight => new Parameter(weight, weight.requires_grad)).ToArray();
        var all = inputs.Take(FirstWeight).Concat(weights).ToArray();
        using var stack = form.Over(weights, options.Training);
        var results = InGraph(stack, all);
        var given = Enumerable.Range(0, results.Count).Where(k => Valid(dResults[k]) is not null).ToArray();
        var asked = Enumerable.Range(0, all.Length).Where(k => wanted[k]).ToArray();
        var found = autograd.grad(
            [.. given.Select(k => results[k])], [.. asked.Select(k => all[k])], [.. given.Select(k => dResults[k])], retain_graph: true, create_graph: true, allow_unused: true);
        var gradients = new Tensor?[all.Length];
        foreach (var (k, gradient) in asked.Zip(found))
            gradients[k] = Valid(gradient);
        return Wanted(gradients);
    }

    private List<Tensor> InGraph(RecurrentStack stack, Tensor[] inputs)
    {
        var (y, sT) = AutogradUnroll.Forward(stack, inputs[0], State(inputs, 1), options);
        return [y, .. Stacked(sT)];
    }

    /// <summary>The stack over the weights' memory, with gradients of its own.</summary>
    private RecurrentStack Stack(IReadOnlyList<Tensor> inputs) => form.Over(inputs.Skip(FirstWeight).Select(Shared).ToArray(), options.Training);

    private static Parameter Shared(Tensor weight)
    {
        var shared = new Parameter(weight.detach());
        shared.DetachFromDisposeScope();
        return shared;
    }

    /// <summary>The layers' states from the tensors (layers, B, ·) that begin at <paramref name="first"/>.</summary>
    private RecurrentState State(IReadOnlyList<Tensor> tensors, int first) => new(
        [.. Enumerable.Range(0, form.Count).Select(k => new CellState(tensors[first].select(0, k), States == 2 ? tensors[first + 1].select(0, k) : null))]);

    private List<Tensor> Stacked(RecurrentState s)
    {
        var h = stack(s.Layers.Select(layer => layer.H).ToArray());
        return States == 2 ? [h, stack(s.Layers.Select(layer => layer.C!).ToArray())] : [h];
    }

    // The output may be a view, which could not be changed in place once it is in the graph; what is detached is none.
    private List<Tensor> Results((Tensor Output, RecurrentState State) results)
        => [.. new[] { results.Output.detach() }.Concat(Stacked(results.State)).Select(result => result.MoveToOuterDisposeScope())];

    private List<Tensor?> Wanted(IEnumerable<Tensor?> gradients) => [.. gradients.Select((gradient, k) => wanted[k] ? gradient?.MoveToOuterDisposeScope() : null)];

    private static Tensor? Valid(Tensor? tensor) => tensor is { IsInvalid: false } ? tensor : null;

    private void Free()
    {
        _tape?.Dispose();
        _stack?.Dispose();
        OpenTapes.Close(_open);
        (_tape, _stack, _open) = (null, null, 0);
    }
}
