using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>
/// d = g + weight_decay θ (g negated to maximize); with a momentum b ← momentum b + (1 − dampening) d, b = d at the first step, and
/// d ← b, or d + momentum b for Nesterov's; θ ← θ − lr d.
/// </summary>
public class SGD : OptimizerHelper, IMomentum
{
    public SGD(
        IEnumerable<Parameter> parameters, double lr, double momentum = 0.0, double dampening = 0, double weight_decay = 0,
        bool nesterov = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize)
    {
    }

    public SGD(
        IEnumerable<ParamGroup> parameters, double lr, double momentum = 0.0, double dampening = 0, double weight_decay = 0,
        bool nesterov = false, bool maximize = false)
    {
        if (nesterov && (momentum <= 0 || dampening != 0))
            throw new ArgumentException("Nesterov momentum requires a momentum and zero dampening.", nameof(nesterov));
        _defaults = new Options
        {
            LearningRate = AtLeastZero(lr, nameof(lr)),
            InitialLearningRate = lr,
            momentum = AtLeastZero(momentum, nameof(momentum)),
            dampening = dampening,
            weight_decay = AtLeastZero(weight_decay, nameof(weight_decay)),
            nesterov = nesterov,
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
        var momentum = options.momentum!.Value;
        var dampening = options.dampening!.Value;
        var weight_decay = options.weight_decay!.Value;
        var lr = options.LearningRate!.Value;

        foreach (var param in group.Parameters)
        {
            if (param.grad is not { } d) continue;
            if (options.maximize!.Value) d = d.neg();
            if (weight_decay != 0) d = d.add(param, alpha: weight_decay);
            if (momentum != 0)
            {
                var state = (State)_state[param.Handle];
                if (state.momentum_buffer is null) state.momentum_buffer = d.detach().clone().DetachFromDisposeScope();
                else state.momentum_buffer.mul_(momentum).add_(d, alpha: 1 - dampening);
                d = options.nesterov!.Value ? d.add(state.momentum_buffer, alpha: momentum) : state.momentum_buffer;
            }

            param.add_(d, alpha: -lr);
        }
    }

    public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
    {
        public Tensor? momentum_buffer;

        public override void Initialize(OptimizerOptions options) => Free(ref momentum_buffer);

        public override void LoadStateDict(OptimizerState source) => Load(ref momentum_buffer, ((State)source).momentum_buffer);

        public override bool ApproximatelyEquals(OptimizerState other) =>
            other is State state && Close(momentum_buffer, state.momentum_buffer);

        public override void to(Device device) => Move(ref momentum_buffer, device);

        public void Dispose() => Free(ref momentum_buffer);
    }

    public class Options : OptimizerOptions
    {
        public double? momentum;
        public double? dampening;
        public double? weight_decay;
        public bool? nesterov;
        public bool? maximize;

        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = (Options)source;
            momentum = other.momentum;
            dampening = other.dampening;
            weight_decay = other.weight_decay;
            nesterov = other.nesterov;
            maximize = other.maximize;
        }

        internal void Complete(Options defaults)
        {
            momentum ??= defaults.momentum;
            dampening ??= defaults.dampening;
            weight_decay ??= defaults.weight_decay;
            nesterov ??= defaults.nesterov;
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
            IEnumerable<Parameter> parameters, double lr = 1e-3, double momentum = 0.0, double dampening = 0, double weight_decay = 0,
            bool nesterov = false, bool maximize = false)
            : base(parameters, new Options
            {
                LearningRate = lr,
                momentum = momentum,
                dampening = dampening,
                weight_decay = weight_decay,
                nesterov = nesterov,
                maximize = maximize,
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
