namespace RnnLab.Layers;

/// <summary>
/// Attention to one memory with any score, sequence by sequence as products of batches. With M the memory (B, S, M) and q (B, T, Q):
/// <code>
/// forward    e = score(q, M), −∞ where there is nothing     α = softmax(e) (B, T, S)     c = α M (B, T, M)
/// backward   ∂α = ∂c Mᵀ     ∂e = α ⊙ (∂α − Σ_s α ⊙ ∂α)     ∂q = score'(∂e)
/// after it   ∂M = αᵀ ∂c + score'
/// </code>
/// What is masked is taken as 0, whatever it holds: its weight and its gradient are 0.
/// </summary>
internal abstract class SoftmaxPass : AttentionPass
{
    private readonly Attention _attention;
    private readonly bool _record;
    private readonly List<IDisposable> _kept = [];
    private readonly List<AttentionStep> _steps = [];
    private readonly Tensor? _empty;
    private int _left;
    private bool _spent;

    protected SoftmaxPass(Attention attention, Tensor memory, Tensor? mask, bool record)
    {
        AttentionArguments.RequireMemory(attention, memory, mask);
        (_attention, _record) = (attention, record);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var byBatch = memory.transpose(0, 1);
        if (mask is not null)
        {
            _empty = Keep(mask.t().logical_not().unsqueeze(1));
            byBatch = byBatch.masked_fill(_empty.transpose(1, 2), 0);
        }
        Memory = Keep(byBatch.contiguous());
    }

    /// <summary>The memory, (B, S, M), 0 where it is masked.</summary>
    protected Tensor Memory { get; }

    /// <summary>The memory's vectors as rows, (B·S, M): a view.</summary>
    protected Tensor MemoryRows => Memory.view(-1, _attention.MemorySize);

    public override (Tensor Context, Tensor Weights) Step(Tensor query)
    {
        RequireUnspent();
        if (_left < _steps.Count)
            throw new InvalidOperationException("no further step can be taken once the backward has begun");
        AttentionArguments.RequireQuery(query, Memory, _attention.QuerySize);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var isSingle = query.dim() == 2;
        var q = ByBatch(query, isSingle);
        var e = Scores(q, out var saved);
        if (_empty is not null)
            e.masked_fill_(_empty, double.NegativeInfinity);
        var α = e.softmax(2);
        var c = BatchProducts.Sums(α, Memory);
        if (_record)
        {
            _steps.Add(new(q, α, isSingle) { Saved = saved });
            _left = _steps.Count;
            // What is on record is not the caller's to change.
            α = α.clone();
        }
        return (AsGiven(c, isSingle).MoveToOuterDisposeScope(), AsGiven(α, isSingle).MoveToOuterDisposeScope());
    }

    public override Tensor StepBackward(Tensor dContext)
    {
        RequireRecorded();
        if (_left == 0)
            throw new InvalidOperationException("every step has been gone back through");
        var step = _steps[_left - 1];
        AttentionArguments.RequireContext(dContext, Memory, step);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        _left--;
        var dc = ByBatch(dContext, step.IsSingle);
        step.DContext = dc;
        var α_dα = BatchProducts.Scores(dc, Memory).mul_(step.Weights);
        var de = α_dα.addcmul_(step.Weights, α_dα.sum(2L, true), -1);
        var dq = ScoresBackward(de, step);
        step.Saved = null;
        return AsGiven(dq, step.IsSingle).MoveToOuterDisposeScope();
    }

    public override Tensor Finish()
    {
        RequireRecorded();
        if (_left > 0)
            throw new InvalidOperationException($"{_left} steps have not been gone back through");
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var dMemory = Joined(step => step.Weights).transpose(1, 2).bmm(Joined(step => step.DContext!));
        dMemory.add_(FinishScores().view(dMemory.shape));
        var given = dMemory.transpose(0, 1).contiguous().MoveToOuterDisposeScope();
        Dispose();
        return given;
    }

    public override void Dispose()
    {
        _spent = true;
        foreach (var kept in _kept.Concat(_steps))
            kept.Dispose();
    }

    /// <summary>e (B, T, S), new, of q (B, T, Q), and what the adjoint needs of it, new as well.</summary>
    protected abstract Tensor Scores(Tensor q, out Tensor? saved);

    /// <summary>∂L/∂q (B, T, Q) from ∂L/∂e (B, T, S); leaves in the step what <see cref="FinishScores"/> needs.</summary>
    protected abstract Tensor ScoresBackward(Tensor de, AttentionStep step);

    /// <summary>Adds the gradients of the parameters and gives ∂L/∂memory as far as it comes through the scores, in any shape of B·S·M numbers in that order.</summary>
    protected abstract Tensor FinishScores();

    /// <summary>Something of all steps, (B, ΣT, ·).</summary>
    protected Tensor Joined(Func<AttentionStep, Tensor> part) => _steps.Count == 1 ? part(_steps[0]) : cat([.. _steps.Select(part)], 1);

    /// <summary>Holds a tensor as long as this pass lasts.</summary>
    protected Tensor Keep(Tensor x)
    {
        _kept.Add(x.DetachFromDisposeScope());
        return x;
    }

    private static Tensor ByBatch(Tensor x, bool isSingle) => isSingle ? x.unsqueeze(1) : x.transpose(0, 1);

    private static Tensor AsGiven(Tensor x, bool isSingle) => isSingle ? x.squeeze(1) : x.transpose(0, 1).contiguous();

    private void RequireUnspent()
    {
        if (_spent)
            throw new InvalidOperationException("this pass was used by a backward or disposed; begin a new one");
    }

    private void RequireRecorded()
    {
        RequireUnspent();
        if (_steps.Count == 0)
            throw new InvalidOperationException(_record ? "no step has been taken yet" : "this pass was begun without a record");
    }
}
