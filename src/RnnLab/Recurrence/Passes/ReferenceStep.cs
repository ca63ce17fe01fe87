using RnnLab.Cells;
using RnnLab.Layers;

namespace RnnLab.Recurrence.Passes;

/// <summary>
/// One step of a layer and its adjoint, readable, over any cell, on any device and dtype: what the loops of <see cref="ReferencePasses"/>, single steps and autograd are made of.
/// <code>
/// forward    a_t = W_ih x_t + b_ih     q_t = W_hh h_{t-1} + b_hh     s_t = φ(a_t, q_t, s_{t-1})
/// backward   (∂a_t, ∂q_t, ∂s_{t-1}) = φ'(∂s_t)     ∂h_{t-1} += W_hhᵀ ∂q_t
/// after it   ∂W_ih = Σ ∂a_t x_tᵀ    ∂W_hh = Σ ∂q_t h_{t-1}ᵀ    ∂b_ih = Σ ∂a_t    ∂b_hh = Σ ∂q_t    ∂x = W_ihᵀ ∂a
/// </code>
/// </summary>
/// <param name="cell">The cell.</param>
/// <param name="p">The weights.</param>
/// <param name="weightHh">A tensor in place of W_hh, for autograd through a function of it; null for the parameter.</param>
internal sealed class ReferenceStep(Cell cell, RecurrentParameters p, Tensor? weightHh = null)
{
    private readonly IReadOnlyList<int> _products = cell.Products;

    /// <summary>The recurrent products' views, in the caller's dispose scope.</summary>
    public RecurrentProduct Product() => RecurrentProduct.Of(cell, weightHh ?? p.WeightHh, p.BiasHh);

    /// <summary>W_ihᵀ, a view in the caller's dispose scope.</summary>
    public Tensor InputWeight() => p.WeightIh.t();

    /// <summary>a = W_ih x + b_ih for rows (N, I).</summary>
    public Tensor Project(Tensor rows) => Project(rows, InputWeight());

    /// <summary>The same with the view that <see cref="InputWeight"/> made before.</summary>
    public Tensor Project(Tensor rows, Tensor wt) => p.BiasIh is { } b ? b.addmm(rows, wt) : rows.mm(wt);

    /// <summary>s_t from a_t and s_{t-1}: the products and functions of one step in turn. Differentiable by autograd when nothing is recorded.</summary>
    public CellState Forward(Tensor a, CellState s, RecurrentProduct W_hh, StepMasks masks, StepRecord? record)
    {
        using var scope = NewDisposeScope();
        IList<Tensor> saved = record is null ? new List<Tensor>() : record.Saved;
        var (own, last) = (p.Own, _products.Count - 1);
        var (u, column, columns) = (masks.Operand is { } m ? s.H * m : s.H, 0L, cell.InputGates * cell.HiddenSize);
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
        var projected = p.WeightHr is { } w_hr ? after! with { H = after.H.mm(w_hr.t()) } : after!;
        var state = new CellState(Updated(s.H, projected.H, masks.UpdateH), projected.C is { } c ? Updated(s.C!, c, masks.UpdateC) : null);
        record?.Close(after!, state);
        return state.Map(own => own.MoveToOuterDisposeScope());
    }

    /// <summary>∂s_{t-1} and the gradients of the projections of one step, from ∂s_t.</summary>
    /// <param name="ds">∂L/∂s_t, all of it.</param>
    /// <param name="step">The recorded step.</param>
    /// <param name="W_hh">The products.</param>
    /// <param name="dhBefore">What else reaches h_{t-1}, from its own output, or null.</param>
    public StepGradient Backward(CellState ds, StepRecord step, RecurrentProduct W_hh, Tensor? dhBefore)
    {
        using var scope = NewDisposeScope();
        var last = _products.Count - 1;
        var (da, dq) = (new Tensor[last + 1], new Tensor[last + 1]);
        var (dNewH, dKeptH) = Divided(ds.H, step.Masks.UpdateH);
        var (dNewC, dKeptC) = ds.C is null ? default : Divided(ds.C, step.Masks.UpdateC);
        var dm = new CellState(p.WeightHr is { } w_hr ? dNewH.mm(w_hr) : dNewH, dNewC);

        var g = cell.PhiAdjoint(dm, step.Before, step.After, p.Own, step.Saved);
        var (dh, dc, dOwn) = (Sum(Sum(g.Dh, dKeptH), dhBefore), Sum(g.Dc, dKeptC), g.DOwn);
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
        var before = new CellState(
            step.Masks.Operand is { } m ? Sum(W_hh.Backward(0, dq[0], null) * m, dh)! : W_hh.Backward(0, dq[0], dh), dc);

        var whole = last == 0 ? da[0] : cat(da, 1);
        var result = new StepGradient(whole, dq, dOwn, before, p.WeightHr is null ? null : dNewH.alias());
        result.MoveToOuterDisposeScope();
        return result;
    }

    /// <summary>Adds the gradients of all parameters over some steps, one product per parameter over all rows; returns ∂a (N, G·H).</summary>
    /// <param name="x">The steps' inputs, rows (N, I).</param>
    /// <param name="records">The steps.</param>
    /// <param name="steps">Their gradients.</param>
    /// <param name="W_hh">The products.</param>
    public Tensor Accumulate(Tensor x, IReadOnlyList<StepRecord> records, IReadOnlyList<StepGradient> steps, RecurrentProduct W_hh)
    {
        var da = Rows(steps.Select(s => s.Da));
        Gradients.AddProduct(Gradients.Of(p.WeightIh), da, x);
        if (p.BiasIh is not null)
            Gradients.AddRowSum(Gradients.Of(p.BiasIh), da);
        for (var k = 0; k < _products.Count; k++)
        {
            var shared = _products.Count == 1 && ReferenceEquals(steps[0].Da, steps[0].Dq[0]);
            var dq = shared ? da : Rows(steps.Select(s => s.Dq[k]));
            W_hh.Accumulate(k, dq, Rows(records.Select(s => s.Operand(k))), Gradients.Of(p.WeightHh), p.BiasHh is null ? null : Gradients.Of(p.BiasHh));
        }
        for (var j = 0; j < p.Own.Count; j++)
            Gradients.Of(p.Own[j]).add_(stack(steps.Select(s => s.DOwn[j])).sum(0L));
        if (p.WeightHr is not null)
            Gradients.AddProduct(Gradients.Of(p.WeightHr), Rows(steps.Select(s => s.Dh!)), Rows(records.Select(s => s.After.H)));
        return da;
    }

    /// <summary>∂x = W_ihᵀ ∂a for rows.</summary>
    public Tensor InputGradient(Tensor da) => da.mm(p.WeightIh);

    private static Tensor Rows(IEnumerable<Tensor> steps) => cat(steps.ToArray(), 0);

    private static Tensor? Sum(Tensor? x, Tensor? y) => x is null ? y : y is null ? x : x + y;

    /// <summary>before + u ⊙ (made − before).</summary>
    private static Tensor Updated(Tensor before, Tensor made, Tensor? u) => u is null ? made : before + u * (made - before);

    /// <summary>The adjoint of <see cref="Updated"/>: what goes to the new state, and what to the old one.</summary>
    private static (Tensor New, Tensor? Kept) Divided(Tensor ds, Tensor? u)
    {
        if (u is null)
            return (ds, null);
        var made = ds * u;
        return (made, ds - made);
    }
}
