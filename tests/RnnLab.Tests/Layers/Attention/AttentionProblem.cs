using RnnLab.Layers;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Layers;

/// <summary>Attention to one memory by T queries, with L = Σ R⊙c: by the hand-written passes, and by autograd over the equations as they stand on paper.</summary>
internal sealed class AttentionProblem
{
    public const int T = 4, S = 5, B = 3, Q = 6, A = 3;

    private static readonly long[] Lengths = [3, 5, 1];

    private readonly AttentionScore _score;

    public AttentionProblem(AttentionScore score, bool masked)
    {
        _score = score;
        var M = score == AttentionScore.Dot ? Q : 4;
        Layer = Attention.Create(score, Q, M, A, seed: 3, "attention", ScalarType.Float64);
        (Memory, Query, R) = (Draw.Uniform("memory", S, B, M), Draw.Uniform("query", T, B, Q) * 2, Draw.Uniform("R", T, B, M) / 8);
        Mask = masked ? arange(S, ScalarType.Int64).unsqueeze(1).lt(tensor(Lengths)) : null;
    }

    public Attention Layer { get; }

    public Tensor Memory { get; set; }

    public Tensor Query { get; }

    public Tensor R { get; }

    public Tensor? Mask { get; }

    /// <summary>Results query by query.</summary>
    public Dictionary<string, Tensor> Stepwise()
    {
        Gradients.Zero(Layer.parameters());
        using var pass = Layer.Begin(Memory, Mask, record: true);
        var given = Enumerable.Range(0, T).Select(t => pass.Step(Query.select(0, t))).ToArray();
        var dq = new Tensor[T];
        for (var t = T - 1; t >= 0; t--)
            dq[t] = pass.StepBackward(R.select(0, t));
        return Results(stack(given.Select(step => step.Context)), stack(given.Select(step => step.Weights)), stack(dq), pass.Finish());
    }

    /// <summary>Results of queries by groups of the given numbers, all at once if it is one.</summary>
    public Dictionary<string, Tensor> Together(params int[] groups)
    {
        Gradients.Zero(Layer.parameters());
        using var pass = Layer.Begin(Memory, Mask, record: true);
        var firsts = groups.Select((_, k) => groups.Take(k).Sum()).ToArray();
        var given = groups.Zip(firsts, (count, first) => pass.Step(Query.narrow(0, first, count))).ToArray();
        var dq = new Tensor[groups.Length];
        for (var k = groups.Length - 1; k >= 0; k--)
            dq[k] = pass.StepBackward(R.narrow(0, firsts[k], groups[k]));
        return Results(cat([.. given.Select(step => step.Context)], 0), cat([.. given.Select(step => step.Weights)], 0), cat(dq, 0), pass.Finish());
    }

    /// <summary>The same by autograd, without a product of batches.</summary>
    public Dictionary<string, Tensor> ByAutograd()
    {
        var (memory, query) = (Memory.clone().requires_grad_(), Query.clone().requires_grad_());
        var e = stack(Enumerable.Range(0, S).Select(s => Score(query, memory.select(0, s)))).permute(1, 2, 0);
        if (Mask is not null)
            e = e.masked_fill(Mask.t().logical_not().unsqueeze(0), double.NegativeInfinity);
        var weights = e.softmax(2);
        var context = (weights.unsqueeze(3) * memory.transpose(0, 1).unsqueeze(0)).sum(2L);
        var parameters = Layer.named_parameters().ToArray();
        var gradients = autograd.grad([(context * R).sum()], [query, memory, .. parameters.Select(p => (Tensor)p.parameter)]);
        var all = parameters.Zip(gradients.Skip(2)).ToDictionary(p => p.First.name, p => p.Second);
        (all["context"], all["weights"], all["dq"], all["dmemory"]) = (context.detach(), weights.detach(), gradients[0], gradients[1]);
        return all;
    }

    public double Loss()
    {
        using var scope = NewDisposeScope();
        using var pass = Layer.Begin(Memory, Mask, record: false);
        return (pass.Step(Query).Context * R).sum().item<double>();
    }

    /// <summary>e of one memory vector for each query, (T, B).</summary>
    private Tensor Score(Tensor q, Tensor m)
    {
        Tensor P(string name) => Layer.named_parameters().Single(p => p.name == name).parameter;
        return _score switch
        {
            AttentionScore.Dot => (q * m).sum(2L),
            AttentionScore.General => (q * m.mm(P("weight").t())).sum(2L),
            AttentionScore.Concat => (cat([q, m.unsqueeze(0).expand(T, -1, -1)], 2).matmul(cat([P("weight_q"), P("weight_m")], 1).t()).tanh() * P("v")).sum(2L),
            _ => ((q.matmul(P("weight_q").t()) + m.mm(P("weight_m").t()) + P("bias")).tanh() * P("v")).sum(2L),
        };
    }

    private Dictionary<string, Tensor> Results(Tensor context, Tensor weights, Tensor dq, Tensor dMemory)
    {
        var all = Layer.named_parameters().ToDictionary(p => p.name, p => Gradients.Of(p.parameter).clone());
        (all["context"], all["weights"], all["dq"], all["dmemory"]) = (context, weights, dq, dMemory);
        return all;
    }
}
