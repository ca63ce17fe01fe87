namespace RnnLab.Training.Optimizers;

/// <summary>RMSprop (Tieleman and Hinton 2012), PyTorch's form:
/// <code>
/// g ← g + λp      s ← α s + (1 − α) g²      centered: a ← α a + (1 − α) g,  s' = s − a²;  else s' = s
/// u = g / (√s' + ε)      p ← p − lr · u,  or with momentum  b ← μ b + u,  p ← p − lr · b
/// </code>
/// </summary>
public sealed class RmsProp : Optimizer
{
    private readonly double _alpha, _eps, _momentum;
    private readonly bool _centered;

    /// <summary>RMSprop with decay α.</summary>
    /// <exception cref="ArgumentOutOfRangeException">α is outside [0, 1), or ε or the momentum is negative.</exception>
    public RmsProp(IEnumerable<(string Name, Parameter Parameter)> parameters, double learningRate = 1e-2, double alpha = 0.99, double eps = 1e-8,
        double weightDecay = 0, double momentum = 0, bool centered = false) : base(parameters, learningRate, weightDecay)
    {
        Require.Rate(alpha, nameof(alpha));
        ArgumentOutOfRangeException.ThrowIfNegative(eps);
        ArgumentOutOfRangeException.ThrowIfNegative(momentum);
        (_alpha, _eps, _momentum, _centered) = (alpha, eps, momentum, centered);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Slots
        => ["square_avg", .. _centered ? ["grad_avg"] : Array.Empty<string>(), .. _momentum != 0 ? ["momentum_buffer"] : Array.Empty<string>()];

    /// <inheritdoc/>
    protected override void Update(string name, Parameter p, Tensor g)
    {
        ArgumentNullException.ThrowIfNull(p);
        g = WithDecay(g, p);
        var s = Slot(name, "square_avg", p);
        s.mul_(_alpha).addcmul_(g, g, 1 - _alpha);
        if (_centered)
        {
            var a = Slot(name, "grad_avg", p);
            a.mul_(_alpha).add_(g, 1 - _alpha);
            s = s.addcmul(a, a, -1);
        }
        var root = s.sqrt().add_(_eps);
        if (_momentum == 0)
        {
            p.addcdiv_(g, root, -LearningRate);
            return;
        }
        var b = Slot(name, "momentum_buffer", p);
        b.mul_(_momentum).addcdiv_(g, root, 1);
        p.add_(b, -LearningRate);
    }
}
