namespace RnnLab.Training.Optimizers;

/// <summary>Adam (Kingma and Ba 2015), and with decoupled decay AdamW (Loshchilov and Hutter 2019), PyTorch's form; at step t:
/// <code>
/// g ← g + λp  (Adam)      p ← p − lr λ p  (AdamW)
/// m ← β1 m + (1 − β1) g      v ← β2 v + (1 − β2) g²
/// p ← p − lr/(1 − β1^t) · m / (√v / √(1 − β2^t) + ε)
/// </code>
/// </summary>
public sealed class Adam : Optimizer
{
    private readonly double _beta1, _beta2, _eps;
    private readonly bool _decoupled;

    /// <summary>Adam, or AdamW where <paramref name="decoupled"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A β is outside [0, 1), or ε is negative.</exception>
    public Adam(IEnumerable<(string Name, Parameter Parameter)> parameters, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999,
        double eps = 1e-8, double weightDecay = 0, bool decoupled = false) : base(parameters, learningRate, weightDecay)
    {
        Require.Rate(beta1, nameof(beta1));
        Require.Rate(beta2, nameof(beta2));
        ArgumentOutOfRangeException.ThrowIfNegative(eps);
        (_beta1, _beta2, _eps, _decoupled) = (beta1, beta2, eps, decoupled);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Slots => ["exp_avg", "exp_avg_sq"];

    /// <inheritdoc/>
    protected override void Update(string name, Parameter p, Tensor g)
    {
        ArgumentNullException.ThrowIfNull(p);
        if (!_decoupled)
            g = WithDecay(g, p);
        else if (WeightDecay != 0)
            p.mul_(1 - LearningRate * WeightDecay);
        var m = Slot(name, "exp_avg", p);
        var v = Slot(name, "exp_avg_sq", p);
        m.mul_(_beta1).add_(g, 1 - _beta1);
        v.mul_(_beta2).addcmul_(g, g, 1 - _beta2);
        var denominator = v.sqrt().div_(Math.Sqrt(1 - Math.Pow(_beta2, Steps))).add_(_eps);
        p.addcdiv_(m, denominator, -LearningRate / (1 - Math.Pow(_beta1, Steps)));
    }
}
