namespace RnnLab.Layers;

/// <summary>
/// Attention by products (Luong, Pham and Manning 2015): e_s = qᵀ W m_s (general), or e_s = qᵀ m_s (dot), without a parameter. W m_s is computed once for a memory.
/// <code>
/// K = M Wᵀ (B, S, Q)     e = q Kᵀ     ∂q = ∂e K     ∂K = ∂eᵀ q     ∂W = ∂Kᵀ M     ∂M = ∂K W
/// </code>
/// </summary>
public sealed class MultiplicativeAttention : Attention
{
    /// <summary>The general score; weight is drawn from U(−r, r), r = 1/√M or as given, by the stream init/{name}.weight.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public MultiplicativeAttention(
        long querySize, long memorySize, ulong seed, string name = "attention", ScalarType dtype = ScalarType.Float32, Device? device = null, double? range = null)
        : base(name, querySize, memorySize)
        => Weight = Draw("weight", seed, range ?? 1 / Math.Sqrt(memorySize), dtype, device, querySize, memorySize);

    /// <summary>The dot score, of queries and memory of one width, dtype and device.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The width is not positive.</exception>
    public MultiplicativeAttention(long size, string name = "attention") : base(name, size, size)
        => ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);

    /// <summary>W, (Q, M); null for the dot score.</summary>
    public Parameter? Weight { get; }

    /// <inheritdoc/>
    public override AttentionPass Begin(Tensor memory, Tensor? mask, bool record) => new Pass(this, memory, mask, record);

    private sealed class Pass : SoftmaxPass
    {
        private readonly Parameter? _weight;
        private readonly Tensor _keys;

        public Pass(MultiplicativeAttention attention, Tensor memory, Tensor? mask, bool record) : base(attention, memory, mask, record)
        {
            _weight = attention.Weight;
            using var no_grad = torch.no_grad();
            using var scope = NewDisposeScope();
            _keys = _weight is null ? Memory : Keep(MemoryRows.mm(_weight.t()).view(Memory.shape[0], -1, attention.QuerySize));
        }

        protected override Tensor Scores(Tensor q, out Tensor? saved)
        {
            saved = null;
            return BatchProducts.Scores(q, _keys);
        }

        protected override Tensor ScoresBackward(Tensor de, AttentionStep step)
        {
            step.DScored = de;
            return BatchProducts.Sums(de, _keys);
        }

        protected override Tensor FinishScores()
        {
            var dKeys = Joined(step => step.DScored!).transpose(1, 2).bmm(Joined(step => step.Query));
            if (_weight is null)
                return dKeys;
            var rows = dKeys.view(-1, _weight.shape[0]);
            Gradients.AddProduct(Gradients.Of(_weight), rows, MemoryRows);
            return rows.mm(_weight);
        }
    }
}
