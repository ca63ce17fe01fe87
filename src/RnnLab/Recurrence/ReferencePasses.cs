using RnnLab.Cells;
using RnnLab.Layers;

namespace RnnLab.Recurrence;

/// <summary>
/// The readable form of a layer's passes: both loops over time as they stand on paper, over any cell, on any device and dtype. It is what every faster form is held to.
/// <code>
/// forward,  t = 1 … T:   q_t = W_hh h_{t-1} + b_hh          s_t = φ(a_t, q_t, s_{t-1})          with a = W_ih x + b_ih, all t at once
/// backward, t = T … 1:   (∂a_t, ∂q_t, ∂s_{t-1}) = φ'(∂s_t)   ∂h_{t-1} += W_hhᵀ ∂q_t
/// after it:              ∂W_ih = Σ ∂a_t x_tᵀ    ∂W_hh = Σ ∂q_t h_{t-1}ᵀ    ∂b_ih = Σ ∂a_t    ∂b_hh = Σ ∂q_t    ∂x = W_ihᵀ ∂a
/// </code>
/// Arguments are checked by <see cref="RecurrentLayer"/>.
/// </summary>
internal sealed class ReferencePasses(Cell cell, RecurrentParameters p)
{
    private readonly IReadOnlyList<int> _products = cell.Products;

    /// <summary>All steps of a sequence; recorded where there is a tape.</summary>
    public (Tensor Output, CellState State) Forward(Tensor x, CellState s0, Tape? tape)
    {
        tape?.AddInput(x);
        var (T, B) = (x.shape[0], x.shape[1]);
        var W_hh = Product();
        var a = Project(x.reshape(T * B, x.shape[2])).view(T, B, -1);
        var h = new Tensor[T];
        var s = s0;
        for (var t = 0; t < T; t++)
        {
            s = StepForward(a.select(0, t), s, W_hh, tape);
            h[t] = s.H;
        }
        return (stack(h), s.Map(own => own.clone()));
    }

    /// <summary>The adjoint of <see cref="Forward"/>: adds the gradients of all parameters and returns ∂L/∂x, or null where nobody wants it, and ∂L/∂s_0.</summary>
    public (Tensor? Dx, CellState Ds0) Backward(Tape tape, Tensor dOutput, CellState dsT, bool wantDx)
    {
        var (T, B) = (tape.Length, tape.Batch);
        var W_hh = Product();
        var ds = dsT;
        var steps = new StepGradient[T];
        for (var t = T - 1; t >= 0; t--)
        {
            ds = ds.AddH(dOutput.select(0, t));
            steps[t] = StepBackward(ds, tape.Steps[t], W_hh);
            ds = steps[t].DsBefore;
        }
        var da = AccumulateParameters(tape, steps, W_hh);
        return (wantDx ? da.mm(p.WeightIh).view(T, B, -1) : null, ds.Map(own => own.clone()));
    }

    public RecurrentProduct Product() => RecurrentProduct.Of(cell, p.WeightHh, p.BiasHh);

    /// <summary>a = W_ih x + b_ih for rows (N, I).</summary>
    public Tensor Project(Tensor rows)
    {
        var wt = p.WeightIh.t();
        return p.BiasIh is { } b ? b.addmm(rows, wt) : rows.mm(wt);
    }

    /// <summary>s_t from a_t and s_{t-1}: the products and functions of one step in turn. Differentiable by autograd when nothing is recorded.</summary>
    public CellState StepForward(Tensor a, CellState s, RecurrentProduct W_hh, Tape? tape)
    {
        using var scope = NewDisposeScope();
        var record = tape is null ? null : new StepRecord(s);
        IList<Tensor> saved = record is null ? new List<Tensor>() : record.Saved;
        var (own, last) = (p.Own, _products.Count - 1);
        var (u, column, columns) = (s.H, 0L, cell.InputGates * cell.HiddenSize);
        CellState? after = null;
        for (var k = 0; k <= last; k++)
        {
            var width = Math.Min(_products[k] * cell.HiddenSize, columns - column);
            var a_k = last == 0 ? a : a.narrow(1, column, width);
            var q_k = W_hh.Forward(k, u);
            column += width;
            if (k == last)
            {
                after = cell.Phi(a_k, q_k, s, own, saved);
            }
            else
            {
                u = cell.Operand(k, a_k, q_k, s, own, saved);
                record?.Operands.Add(u);
            }
        }
        var state = p.WeightHr is { } w_hr ? after! with { H = after.H.mm(w_hr.t()) } : after!;
        record?.Close(after!, state);
        if (record is not null)
            tape!.AddStep(record);
        return state.Map(own => own.MoveToOuterDisposeScope());
    }

    /// <summary>∂s_{t-1} and the gradients of the projections of one step, from ∂s_t.</summary>
    public StepGradient StepBackward(CellState ds, StepRecord step, RecurrentProduct W_hh)
    {
        using var scope = NewDisposeScope();
        var last = _products.Count - 1;
        var (da, dq) = (new Tensor[last + 1], new Tensor[last + 1]);
        var dm = p.WeightHr is { } w_hr ? ds with { H = ds.H.mm(w_hr) } : ds;

        var g = cell.PhiAdjoint(dm, step.Before, step.After, p.Own, step.Saved);
        var (dh, dc, dOwn) = (g.Dh, g.Dc, g.DOwn);
        (da[last], dq[last]) = (g.Da, g.Dq);
        for (var k = last - 1; k >= 0; k--)
        {
            var du = W_hh.Backward(k + 1, dq[k + 1], null);
            g = cell.OperandAdjoint(k, du, g, step.Before, p.Own, step.Saved);
            (da[k], dq[k]) = (g.Da, g.Dq);
            dh = Sum(dh, g.Dh);
            dc = Sum(dc, g.Dc);
            dOwn = g.DOwn.Count == 0 ? dOwn : dOwn.Count == 0 ? g.DOwn : [.. dOwn.Zip(g.DOwn, (x, y) => x + y)];
        }
        var before = new CellState(W_hh.Backward(0, dq[0], dh), dc);

        var whole = last == 0 ? da[0] : cat(da, 1);
        var result = new StepGradient(whole, dq, dOwn, before, p.WeightHr is null ? null : ds.H.alias());
        result.MoveToOuterDisposeScope();
        return result;
    }

    /// <summary>One product per parameter over the rows of all steps; returns ∂a (T·B, G·H).</summary>
    public Tensor AccumulateParameters(Tape tape, IReadOnlyList<StepGradient> steps, RecurrentProduct W_hh)
    {
        var da = Rows(steps.Select(s => s.Da));
        Gradients.AddProduct(Gradients.Of(p.WeightIh), da, tape.InputRows());
        if (p.BiasIh is not null)
            Gradients.AddRowSum(Gradients.Of(p.BiasIh), da);
        for (var k = 0; k < _products.Count; k++)
        {
            var shared = _products.Count == 1 && ReferenceEquals(steps[0].Da, steps[0].Dq[0]);
            var dq = shared ? da : Rows(steps.Select(s => s.Dq[k]));
            W_hh.Accumulate(k, dq, Rows(tape.Steps.Select(s => s.Operand(k))));
        }
        for (var j = 0; j < p.Own.Count; j++)
            Gradients.Of(p.Own[j]).add_(stack(steps.Select(s => s.DOwn[j])).sum(0L));
        if (p.WeightHr is not null)
            Gradients.AddProduct(Gradients.Of(p.WeightHr), Rows(steps.Select(s => s.Dh!)), Rows(tape.Steps.Select(s => s.After.H)));
        return da;
    }

    private static Tensor Rows(IEnumerable<Tensor> steps) => cat(steps.ToArray(), 0);

    private static Tensor? Sum(Tensor? x, Tensor? y) => x is null ? y : y is null ? x : x + y;
}

/// <summary>What one step's adjoint leaves for the products after the loop.</summary>
/// <param name="Da">∂a_t, (B, G·H).</param>
/// <param name="Dq">∂q_t, one per recurrent product.</param>
/// <param name="DOwn">Gradients of the cell's own parameters.</param>
/// <param name="DsBefore">∂s_{t-1}.</param>
/// <param name="Dh">∂h_t where the cell projects.</param>
internal sealed record StepGradient(Tensor Da, IReadOnlyList<Tensor> Dq, IReadOnlyList<Tensor> DOwn, CellState DsBefore, Tensor? Dh)
{
    public void MoveToOuterDisposeScope()
    {
        Da.MoveToOuterDisposeScope();
        foreach (var dq in Dq.Where(dq => !ReferenceEquals(dq, Da)))
            dq.MoveToOuterDisposeScope();
        foreach (var own in DOwn)
            own.MoveToOuterDisposeScope();
        DsBefore.H.MoveToOuterDisposeScope();
        DsBefore.C?.MoveToOuterDisposeScope();
        Dh?.MoveToOuterDisposeScope();
    }
}
