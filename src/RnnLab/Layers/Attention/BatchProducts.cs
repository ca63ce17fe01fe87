namespace RnnLab.Layers;

/// <summary>
/// The two products of attention with vectors m (B, S, M), sequence by sequence. On the CPU libtorch calls the matrix product once for each sequence, which for one query takes
/// longer than to multiply and sum all of them together.
/// </summary>
internal static class BatchProducts
{
    /// <summary>qᵀ m_s, new, (B, T, S), of q (B, T, M).</summary>
    public static Tensor Scores(Tensor q, Tensor m) => IsSingleOnCpu(q) ? (m * q).sum(2L).unsqueeze(1) : q.bmm(m.transpose(1, 2));

    /// <summary>Σ_s w_s m_s, new, (B, T, M), of w (B, T, S).</summary>
    public static Tensor Sums(Tensor w, Tensor m) => IsSingleOnCpu(w) ? (m * w.transpose(1, 2)).sum(1L, true) : w.bmm(m);

    private static bool IsSingleOnCpu(Tensor x) => x.shape[1] == 1 && x.device.type == TorchSharp.DeviceType.CPU;
}
