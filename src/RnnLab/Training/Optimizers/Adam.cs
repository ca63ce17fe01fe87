using System.Numerics;
using RnnLab.Kernels.Elementwise;

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
        double eps = 1e-8, double weightDecay = 0, bool decoupled = false) : base(parameters, learningRate, weightDecay, "exp_avg", "exp_avg_sq")
    {
        Require.Rate(beta1, nameof(beta1));
        Require.Rate(beta2, nameof(beta2));
        ArgumentOutOfRangeException.ThrowIfNegative(eps);
        (_beta1, _beta2, _eps, _decoupled) = (beta1, beta2, eps, decoupled);
    }

    /// <inheritdoc/>
    protected override void Update(Parameter p, Tensor g, OptimizerState state)
    {
        ArgumentNullException.ThrowIfNull(p);
        ArgumentNullException.ThrowIfNull(state);
        if (!_decoupled)
            g = WithDecay(g, p);
        else if (WeightDecay != 0)
            p.mul_(1 - LearningRate * WeightDecay);
        var (m, v) = (state[0], state[1]);
        m.mul_(_beta1).add_(g, 1 - _beta1);
        v.mul_(_beta2).addcmul_(g, g, 1 - _beta2);
        p.addcdiv_(m, v.sqrt().div_(RootCorrection).add_(_eps), -Rate);
    }

    /// <inheritdoc/>
    private protected override bool UpdateInOnePass<T>(Tensor p, Tensor g, GradientClip clip, OptimizerState state)
    {
        var memory = new UpdateMemory<T>(Fast.Elements<T>(p), Fast.Elements<T>(g), Fast.Elements<T>(state[0]), Fast.Elements<T>(state[1]));
        UpdatePass.Run(new Rule<T>(this), clip, memory);
        return true;
    }

    /// <summary>lr/(1 − β1^t).</summary>
    private double Rate => LearningRate / (1 - Math.Pow(_beta1, Steps));

    /// <summary>√(1 − β2^t).</summary>
    private double RootCorrection => Math.Sqrt(1 - Math.Pow(_beta2, Steps));

    private readonly struct Rule<T>(Adam adam) : IUpdateRule<T> where T : unmanaged, INumber<T>
    {
        private readonly bool _adds = !adam._decoupled && adam.WeightDecay != 0, _shrinks = adam._decoupled && adam.WeightDecay != 0;
        private readonly Vector<T> _decay = VectorMath.All<T>(adam.WeightDecay);
        private readonly Vector<T> _keep = VectorMath.All<T>(1 - adam.LearningRate * adam.WeightDecay);
        private readonly Vector<T> _beta1 = VectorMath.All<T>(adam._beta1), _share1 = VectorMath.All<T>(1 - adam._beta1);
        private readonly Vector<T> _beta2 = VectorMath.All<T>(adam._beta2), _share2 = VectorMath.All<T>(1 - adam._beta2);
        private readonly Vector<T> _rate = VectorMath.All<T>(adam.Rate), _eps = VectorMath.All<T>(adam._eps);
        private readonly Vector<T> _perRoot = VectorMath.All<T>(1 / adam.RootCorrection);

        public Vector<T> Apply(Vector<T> p, Vector<T> g, ref Vector<T> m, ref Vector<T> v, ref Vector<T> c)
        {
            if (_adds)
                g += _decay * p;
            if (_shrinks)
                p *= _keep;
            m = _beta1 * m + _share1 * g;
            v = _beta2 * v + _share2 * (g * g);
            return p - _rate * (m / (Vector.SquareRoot(v) * _perRoot + _eps));
        }
    }
}
