using System.Numerics;
using RnnLab.Kernels.Elementwise;

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
        double weightDecay = 0, double momentum = 0, bool centered = false)
        : base(parameters, learningRate, weightDecay,
            ["square_avg", .. centered ? ["grad_avg"] : Array.Empty<string>(), .. momentum != 0 ? ["momentum_buffer"] : Array.Empty<string>()])
    {
        Require.Rate(alpha, nameof(alpha));
        ArgumentOutOfRangeException.ThrowIfNegative(eps);
        ArgumentOutOfRangeException.ThrowIfNegative(momentum);
        (_alpha, _eps, _momentum, _centered) = (alpha, eps, momentum, centered);
    }

    // The momentum's slot is the last of two or three.
    private int MomentumSlot => _centered ? 2 : 1;

    /// <inheritdoc/>
    protected override void Update(Parameter p, Tensor g, OptimizerState state)
    {
        ArgumentNullException.ThrowIfNull(p);
        ArgumentNullException.ThrowIfNull(state);
        g = WithDecay(g, p);
        var s = state[0];
        s.mul_(_alpha).addcmul_(g, g, 1 - _alpha);
        if (_centered)
        {
            var a = state[1];
            a.mul_(_alpha).add_(g, 1 - _alpha);
            s = s.addcmul(a, a, -1);
        }
        var root = s.sqrt().add_(_eps);
        if (_momentum == 0)
        {
            p.addcdiv_(g, root, -LearningRate);
            return;
        }
        var b = state[MomentumSlot];
        b.mul_(_momentum).addcdiv_(g, root, 1);
        p.add_(b, -LearningRate);
    }

    /// <inheritdoc/>
    private protected override bool UpdateInOnePass<T>(Tensor p, Tensor g, GradientClip clip, OptimizerState state)
    {
        var a = _centered ? Fast.Elements<T>(state[1]) : default;
        var b = _momentum != 0 ? Fast.Elements<T>(state[MomentumSlot]) : default;
        UpdatePass.Run(new Rule<T>(this), clip, new UpdateMemory<T>(Fast.Elements<T>(p), Fast.Elements<T>(g), Fast.Elements<T>(state[0]), a, b));
        return true;
    }

    private readonly struct Rule<T>(RmsProp rms) : IUpdateRule<T> where T : unmanaged, INumber<T>
    {
        private readonly bool _decays = rms.WeightDecay != 0, _centered = rms._centered, _hasMomentum = rms._momentum != 0;
        private readonly Vector<T> _decay = VectorMath.All<T>(rms.WeightDecay), _momentum = VectorMath.All<T>(rms._momentum);
        private readonly Vector<T> _alpha = VectorMath.All<T>(rms._alpha), _share = VectorMath.All<T>(1 - rms._alpha);
        private readonly Vector<T> _rate = VectorMath.All<T>(rms.LearningRate), _eps = VectorMath.All<T>(rms._eps);

        public Vector<T> Apply(Vector<T> p, Vector<T> g, ref Vector<T> s, ref Vector<T> a, ref Vector<T> b)
        {
            if (_decays)
                g += _decay * p;
            s = _alpha * s + _share * (g * g);
            var variance = s;
            if (_centered)
            {
                a = _alpha * a + _share * g;
                variance -= a * a;
            }
            var u = g / (Vector.SquareRoot(variance) + _eps);
            if (_hasMomentum)
                u = b = _momentum * b + u;
            return p - _rate * u;
        }
    }
}
