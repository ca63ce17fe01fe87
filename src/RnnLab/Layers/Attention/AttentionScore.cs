namespace RnnLab.Layers;

/// <summary>The score e_s of a memory vector m_s for a query q.</summary>
public enum AttentionScore
{
    /// <summary>vᵀ tanh(W_q q + W_m m_s + b) (Bahdanau, Cho and Bengio 2015).</summary>
    Additive,

    /// <summary>qᵀ m_s (Luong, Pham and Manning 2015).</summary>
    Dot,

    /// <summary>qᵀ W m_s (Luong, Pham and Manning 2015).</summary>
    General,

    /// <summary>vᵀ tanh(W [q; m_s]) (Luong, Pham and Manning 2015).</summary>
    Concat,
}
