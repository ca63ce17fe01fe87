namespace RnnLab.Training.Optimizers;

/// <summary>Stochastic gradient descent with momentum (Polyak 1964; Sutskever et al. 2013), PyTorch's form:
/// <code>
/// g ← g + λp      v ← μ v + (1 − τ) g  (v = g at the first step)      p ← p − lr · v,  or with nesterov  p − lr · (g + μ v)
/// </code>
/// </summary>
public sealed class Sgd : Optimizer
{
    private readonly double _momentum, _dampening;
    private readonly bool _nesterov;

    /// <summary>SGD with momentum μ, dampening τ and weight decay λ.</summary>
    /// <exception cref="ArgumentException">nesterov without momentum, or with dampening.</exception>
    public Sgd(IEnumerable<(string Name, Parameter Parameter)> parameters, double learningRate, double momentum = 0, double dampening = 0,
        double weightDecay = 0, bool nesterov = false) : base(parameters, learningRate, weightDecay)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(momentum);
        if (nesterov && (momentum == 0 || dampening != 0))
            throw new ArgumentException("nesterov needs a momentum and no dampening");
        (_momentum, _dampening, _nesterov) = (momentum, dampening, nesterov);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Slots => _momentum != 0 ? ["momentum_buffer"] : [];

    /// <inheritdoc/>
    protected override void Update(string name, Parameter p, Tensor g)
    {
        ArgumentNullException.ThrowIfNull(p);
        g = WithDecay(g, p);
        if (_momentum != 0)
        {
            // Where the state has no v yet, this is its first step.
            var first = !State.ContainsKey($"{name}.momentum_buffer");
            var v = Slot(name, "momentum_buffer", p);
            v.mul_(_momentum).add_(g, first ? 1 : 1 - _dampening);
            g = _nesterov ? g.add(v, _momentum) : v;
        }
        p.add_(g, -LearningRate);
    }
}
