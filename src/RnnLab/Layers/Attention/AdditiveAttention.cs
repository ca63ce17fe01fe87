namespace RnnLab.Layers;

/// <summary>
/// Additive attention (Bahdanau, Cho and Bengio 2015): e_s = vᵀ tanh(W_q q + W_m m_s + b). Without b, and with W_q and W_m as the two parts of one W, it is the concat score
/// vᵀ tanh(W [q; m_s]) of Luong, Pham and Manning (2015). W_m m_s + b is computed once for a memory.
/// <code>
/// K = M W_mᵀ + b (B, S, A)     z = tanh(q W_qᵀ + K) (B, T, S, A)     e = z v
/// ∂z = ∂e vᵀ     ∂p = ∂z ⊙ (1 − z²)     ∂(q W_qᵀ) = Σ_s ∂p     ∂K = Σ_t ∂p     ∂v = Σ ∂e z
/// </code>
/// A record holds z: S·B·A numbers for a query.
/// </summary>
public sealed class AdditiveAttention : Attention
{
    /// <summary>A new layer, by the streams init/{name}.weight_q, .weight_m, .bias and .v.</summary>
    /// <param name="querySize">Q.</param>
    /// <param name="memorySize">M.</param>
    /// <param name="attentionSize">A.</param>
    /// <param name="seed">The experiment's seed.</param>
    /// <param name="name">The module's name in its parent.</param>
    /// <param name="dtype">float32 or float64.</param>
    /// <param name="device">Where the parameters live; the CPU by default.</param>
    /// <param name="range">r of U(−r, r); null for 1/√Q for W_q, 1/√M for W_m and b (1/√(Q + M) for both parts of the concat score's W), 1/√A for v.</param>
    /// <param name="isConcat">Whether it is the concat score, without b.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public AdditiveAttention(
        long querySize, long memorySize, long attentionSize, ulong seed, string name = "attention", ScalarType dtype = ScalarType.Float32, Device? device = null, double? range = null,
        bool isConcat = false) : base(name, querySize, memorySize)
    {
        WeightQ = Draw("weight_q", seed, Range(isConcat ? querySize + memorySize : querySize), dtype, device, attentionSize, querySize);
        WeightM = Draw("weight_m", seed, Range(isConcat ? querySize + memorySize : memorySize), dtype, device, attentionSize, memorySize);
        Bias = isConcat ? null : Draw("bias", seed, Range(memorySize), dtype, device, attentionSize);
        V = Draw("v", seed, Range(attentionSize), dtype, device, attentionSize);

        double Range(long columns) => range ?? 1 / Math.Sqrt(columns);
    }

    /// <summary>W_q, (A, Q).</summary>
    public Parameter WeightQ { get; }

    /// <summary>W_m, (A, M).</summary>
    public Parameter WeightM { get; }

    /// <summary>b, (A); null for the concat score.</summary>
    public Parameter? Bias { get; }

    /// <summary>v, (A).</summary>
    public Parameter V { get; }

    /// <inheritdoc/>
    public override AttentionPass Begin(Tensor memory, Tensor? mask, bool record) => new Pass(this, memory, mask, record);

    private sealed class Pass : SoftmaxPass
    {
        private readonly AdditiveAttention _p;
        private readonly Tensor _keys, _queryWeight, _column;
        private readonly long _size;
        // Of all steps so far; ∂K without the factor −v.
        private Tensor? _dKeys, _dv;
        private Tensor? _minusV;

        public Pass(AdditiveAttention attention, Tensor memory, Tensor? mask, bool record) : base(attention, memory, mask, record)
        {
            (_p, _size) = (attention, attention.V.shape[0]);
            using var no_grad = torch.no_grad();
            using var scope = NewDisposeScope();
            var (rows, transposed) = (MemoryRows, _p.WeightM.t());
            var keys = _p.Bias is { } b ? b.addmm(rows, transposed) : rows.mm(transposed);
            _keys = Keep(keys.view(Memory.shape[0], 1, -1, _size));
            _queryWeight = Keep(_p.WeightQ.t());
            _column = Keep(_p.V.unsqueeze(1));
        }

        protected override Tensor Scores(Tensor q, out Tensor? saved)
        {
            var (B, T) = (q.shape[0], q.shape[1]);
            var projected = q.reshape(-1, _p.QuerySize).mm(_queryWeight).view(B, T, 1, _size);
            saved = (projected + _keys).tanh_();
            return saved.view(-1, _size).mm(_column).view(B, T, -1);
        }

        protected override Tensor ScoresBackward(Tensor de, AttentionStep step)
        {
            var (B, T, z) = (de.shape[0], de.shape[1], step.Saved!);
            _minusV ??= Keep(_p.V.neg());
            _dv ??= Keep(zeros([1, _size], z.dtype, z.device));
            _dKeys ??= Keep(zeros([Memory.shape[0], Memory.shape[1], _size], z.dtype, z.device));
            _dv.addmm_(de.view(1, -1), z.view(-1, _size));
            // ∂p / (−v), in place of z, which has served.
            var dp = z.mul_(z).sub_(1).mul_(de.unsqueeze(3));
            _dKeys.add_(T == 1 ? dp.squeeze(1) : dp.sum(1L));
            var dProjected = dp.sum(2L).mul_(_minusV);
            step.DScored = dProjected;
            return dProjected.view(-1, _size).mm(_p.WeightQ).view(B, T, -1);
        }

        protected override Tensor FinishScores()
        {
            var dKeys = _dKeys!.mul_(_minusV!).view(-1, _size);
            Gradients.AddProduct(Gradients.Of(_p.WeightM), dKeys, MemoryRows);
            if (_p.Bias is not null)
                Gradients.AddRowSum(Gradients.Of(_p.Bias), dKeys);
            Gradients.AddProduct(Gradients.Of(_p.WeightQ), Joined(step => step.DScored!).reshape(-1, _size), Joined(step => step.Query).reshape(-1, _p.QuerySize));
            Gradients.Of(_p.V).add_(_dv!.view(-1));
            return dKeys.mm(_p.WeightM);
        }
    }
}
