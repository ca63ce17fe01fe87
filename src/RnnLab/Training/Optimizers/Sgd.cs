using System.Numerics;
using RnnLab.Kernels.Elementwise;

namespace RnnLab.Training.Optimizers;

/// <summary>Stochastic gradient descent with momentum (Polyak 1964; Sutskever et al. 2013), PyTorch's form:
/// <code>
/// g ← g + λp      v ← μ v + (1 − τ) g  (v = g at the first step)      p ← p − lr · v,  or with nesterov  p − lr · (g + μ v)
/// </code>
/// </summary>
public sealed class Sgd : Optimizer
{
    private const string Momentum = "momentum_buffer";

    private readonly double _momentum, _dampening;
    private readonly bool _nesterov;

    /// <summary>SGD with momentum μ, dampening τ and weight decay λ.</summary>
    /// <exception cref="ArgumentException">nesterov without momentum, or with dampening.</exception>
    public Sgd(IEnumerable<(string Name, Parameter Parameter)> parameters, double learningRate, double momentum = 0, double dampening = 0,
        double weightDecay = 0, bool nesterov = false) : base(parameters, learningRate, weightDecay, momentum != 0 ? [Momentum] : [])
    {
        ArgumentOutOfRangeException.ThrowIfNegative(momentum);
        if (nesterov && (momentum == 0 || dampening != 0))
            throw new ArgumentException("nesterov needs a momentum and no dampening");
        (_momentum, _dampening, _nesterov) = (momentum, dampening, nesterov);
    }

    /// <inheritdoc/>
    protected override void Update(Parameter p, Tensor g, OptimizerState state)
    {
        ArgumentNullException.ThrowIfNull(p);
        ArgumentNullException.ThrowIfNull(state);
        g = WithDecay(g, p);
        if (_momentum != 0)
        {
            var share = Share(state);
            var v = state[0];
            v.mul_(_momentum).add_(g, share);
            g = _nesterov ? g.add(v, _momentum) : v;
        }
        p.add_(g, -LearningRate);
    }

    /// <inheritdoc/>
    private protected override bool UpdateInOnePass<T>(Tensor p, Tensor g, GradientClip clip, OptimizerState state)
    {
        var share = _momentum != 0 ? Share(state) : 0;
        var rule = new Rule<T>(this, share);
        var v = _momentum != 0 ? Fast.Elements<T>(state[0]) : default;
        UpdatePass.Run(rule, clip, new UpdateMemory<T>(Fast.Elements<T>(p), Fast.Elements<T>(g), v));
        return true;
    }

    /// <summary>The share 1 − τ of g in v; where the state has no v yet, this is its first step.</summary>
    private double Share(OptimizerState state) => state.Has(0) ? 1 - _dampening : 1;

    private readonly struct Rule<T>(Sgd sgd, double share) : IUpdateRule<T> where T : unmanaged, INumber<T>
    {
        private readonly bool _decays = sgd.WeightDecay != 0, _hasMomentum = sgd._momentum != 0, _nesterov = sgd._nesterov;
        private readonly Vector<T> _decay = VectorMath.All<T>(sgd.WeightDecay), _momentum = VectorMath.All<T>(sgd._momentum);
        private readonly Vector<T> _share = VectorMath.All<T>(share), _rate = VectorMath.All<T>(sgd.LearningRate);

        public Vector<T> Apply(Vector<T> p, Vector<T> g, ref Vector<T> v, ref Vector<T> b, ref Vector<T> c)
        {
            if (_decays)
                g += _decay * p;
            if (_hasMomentum)
            {
                v = _momentum * v + _share * g;
                g = _nesterov ? g + _momentum * v : v;
            }
            return p - _rate * g;
        }
    }
}
