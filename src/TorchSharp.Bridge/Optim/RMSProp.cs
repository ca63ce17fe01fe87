using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>
/// g (negated to maximize) + weight_decay θ; v ← alpha v + (1 − alpha) g²; where centered, m ← alpha m + (1 − alpha) g and
/// s = √(v − m²) + eps, else s = √v + eps; θ ← θ − lr g / s, or with a momentum b ← momentum b + g / s and θ ← θ − lr b.
/// </summary>
public class RMSProp : OptimizerHelper, IMomentum
{
    public RMSProp(
        IEnumerable<Parameter> parameters, double lr = 1e-3, double alpha = 0.99, double eps = 1e-8, double weight_decay = 0,
        double momentum = 0.0, bool centered = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, alpha, eps, weight_decay, momentum, centered, maximize)
    {
    }

    public RMSProp(
        IEnumerable<ParamGroup> parameters, double lr = 1e-3, double alpha = 0.99, double eps = 1e-8, double weight_decay = 0,
        double momentum = 0.0, bool centered = false, bool maximize = false)
    {
        _defaults = new Options
        {
            LearningRate = AtLeastZero(lr, nameof(lr)),
            InitialLearningRate = lr,
            alpha = AtLeastZero(alpha, nameof(alpha)),
            eps = AtLeastZero(eps, nameof(eps)),
            weight_decay = AtLeastZero(weight_decay, nameof(weight_decay)),
            momentum = AtLeastZero(momentum, nameof(momentum)),
            centered = centered,
            maximize = maximize,
        };
        foreach (var group in parameters) add_param_group(group);
    }

    public double Momentum
    {
        get => ((Options)_defaults).momentum!.Value;
        set => ((Options)_defaults).momentum = value;
    }

    public override void add_param_group(Modules.ParamGroup param_group) =>
        AddGroup<Options>(param_group, static (options, defaults) => options.Complete(defaults), static p => new State(p));

    public override Tensor? step(Func<Tensor>? closure = null) => _step<ParamGroup>(StepGroup, closure);

    private void StepGroup(ParamGroup group)
    {
        var options = group.Options;
        var alpha = options.alpha!.Value;
        var eps = options.eps!.Value;
        var weight_decay = options.weight_decay!.Value;
        var momentum = options.momentum!.Value;
        var lr = options.LearningRate!.Value;

        foreach (var param in group.Parameters)
        {
            if (param.grad is not { } g) continue;
            var state = (State)_state[param.Handle];
            state.step++;
            if (options.maximize!.Value) g = g.neg();
            if (weight_decay != 0) g = g.add(param, alpha: weight_decay);

            var v = state.square_avg!.mul_(alpha).addcmul_(g, g, value: 1 - alpha);
            Tensor s;
            if (options.centered!.Value)
            {
                var m = state.grad_avg!.mul_(alpha).add_(g, alpha: 1 - alpha);
                s = v.addcmul(m, m, value: -1).sqrt_().add_(eps);
            }
            else
            {
                s = v.sqrt().add_(eps);
            }

            if (momentum > 0) param.add_(state.momentum_buffer!.mul_(momentum).addcdiv_(g, s), alpha: -lr);
            else param.addcdiv_(g, s, value: -lr);
        }
    }

    public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
    {
        public long step;
        public Tensor? square_avg;
        public Tensor? momentum_buffer;
        public Tensor? grad_avg;

        public override void Initialize(OptimizerOptions options)
        {
            Dispose();
            step = 0;
            square_avg = Zeros();
            momentum_buffer = Zeros();
            grad_avg = Zeros();
        }

        public override void LoadStateDict(OptimizerState source)
        {
            var other = (State)source;
            step = other.step;
            Load(ref square_avg, other.square_avg);
            Load(ref momentum_buffer, other.momentum_buffer);
            Load(ref grad_avg, other.grad_avg);
        }

        public override bool ApproximatelyEquals(OptimizerState other) =>
            other is State state && step == state.step && Close(square_avg, state.square_avg)
            && Close(momentum_buffer, state.momentum_buffer) && Close(grad_avg, state.grad_avg);

        public override void to(Device device)
        {
            Move(ref square_avg, device);
            Move(ref momentum_buffer, device);
            Move(ref grad_avg, device);
        }

        public void Dispose()
        {
            Free(ref square_avg);
            Free(ref momentum_buffer);
            Free(ref grad_avg);
        }
    }

    public class Options : OptimizerOptions
    {
        public double? alpha;
        public double? eps;
        public double? weight_decay;
        public double? momentum;
        public bool? centered;
        public bool? maximize;

        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = (Options)source;
            alpha = other.alpha;
            eps = other.eps;
            weight_decay = other.weight_decay;
            momentum = other.momentum;
            centered = other.centered;
            maximize = other.maximize;
        }

        internal void Complete(Options defaults)
        {
            alpha ??= defaults.alpha;
            eps ??= defaults.eps;
            weight_decay ??= defaults.weight_decay;
            momentum ??= defaults.momentum;
            centered ??= defaults.centered;
            maximize ??= defaults.maximize;
        }
    }

    public class ParamGroup : ParamGroup<Options>, IMomentum
    {
        public ParamGroup()
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
        {
        }

        public ParamGroup(
            IEnumerable<Parameter> parameters, double lr = 1e-3, double eps = 1e-8, double alpha = 0.99, double weight_decay = 0,
            double momentum = 0.0, bool centered = false)
            : base(parameters, new Options
            {
                LearningRate = lr,
                eps = eps,
                alpha = alpha,
                weight_decay = weight_decay,
                momentum = momentum,
                centered = centered,
            })
        {
        }

        public double Momentum
        {
            get => Options.momentum!.Value;
            set => Options.momentum = value;
        }
    }
}
