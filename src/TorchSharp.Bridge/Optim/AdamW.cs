using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>
/// AdamW (Loshchilov and Hutter, 2019): Adam, with θ ← (1 − lr weight_decay) θ before each step in place of a decay in the gradient.
/// </summary>
public class AdamW : OptimizerHelper, IBetas
{
    public AdamW(
        IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
        double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
    {
    }

    public AdamW(
        IEnumerable<ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
        double weight_decay = 0, bool amsgrad = false, bool maximize = false)
    {
        _defaults = new Options
        {
            LearningRate = AtLeastZero(lr, nameof(lr)),
            InitialLearningRate = lr,
            beta1 = Decay(beta1, nameof(beta1)),
            beta2 = Decay(beta2, nameof(beta2)),
            eps = AtLeastZero(eps, nameof(eps)),
            weight_decay = AtLeastZero(weight_decay, nameof(weight_decay)),
            amsgrad = amsgrad,
            maximize = maximize,
        };
        foreach (var group in parameters) add_param_group(group);
    }

    public (double, double) Betas
    {
        get => (((Options)_defaults).beta1!.Value, ((Options)_defaults).beta2!.Value);
        set => (((Options)_defaults).beta1, ((Options)_defaults).beta2) = value;
    }

    public override void add_param_group(Modules.ParamGroup param_group) =>
        AddGroup<Options>(param_group, static (options, defaults) => options.Complete(defaults), static p => new State(p));

    public override Tensor? step(Func<Tensor>? closure = null) => _step<ParamGroup>(StepGroup, closure);

    private void StepGroup(ParamGroup group)
    {
        var options = group.Options;
        var weight_decay = options.weight_decay!.Value;
        var lr = options.LearningRate!.Value;

        foreach (var param in group.Parameters)
        {
            if (param.grad is not { } g) continue;
            var state = (State)_state[param.Handle];
            state.step++;
            if (options.maximize!.Value) g = g.neg();
            param.mul_(1 - lr * weight_decay);

            AdamRule.Update(
                param, g, state.step, state.exp_avg!, state.exp_avg_sq!, options.amsgrad!.Value ? state.max_exp_avg_sq : null, lr,
                options.beta1!.Value, options.beta2!.Value, options.eps!.Value);
        }
    }

    public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
    {
        public long step;
        public Tensor? exp_avg;
        public Tensor? exp_avg_sq;
        public Tensor? max_exp_avg_sq;

        public override void Initialize(OptimizerOptions options)
        {
            Dispose();
            step = 0;
            exp_avg = Zeros();
            exp_avg_sq = Zeros();
            if (((Options)options).amsgrad!.Value) max_exp_avg_sq = Zeros();
        }

        public override void LoadStateDict(OptimizerState source)
        {
            var other = (State)source;
            step = other.step;
            Load(ref exp_avg, other.exp_avg);
            Load(ref exp_avg_sq, other.exp_avg_sq);
            Load(ref max_exp_avg_sq, other.max_exp_avg_sq);
        }

        public override bool ApproximatelyEquals(OptimizerState other) =>
            other is State state && step == state.step && Close(exp_avg, state.exp_avg) && Close(exp_avg_sq, state.exp_avg_sq)
            && Close(max_exp_avg_sq, state.max_exp_avg_sq);

        public override void to(Device device)
        {
            Move(ref exp_avg, device);
            Move(ref exp_avg_sq, device);
            Move(ref max_exp_avg_sq, device);
        }

        public void Dispose()
        {
            Free(ref exp_avg);
            Free(ref exp_avg_sq);
            Free(ref max_exp_avg_sq);
        }
    }

    public class Options : OptimizerOptions
    {
        public double? beta1;
        public double? beta2;
        public double? weight_decay;
        public double? eps;
        public bool? amsgrad;
        public bool? maximize;

        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = (Options)source;
            beta1 = other.beta1;
            beta2 = other.beta2;
            weight_decay = other.weight_decay;
            eps = other.eps;
            amsgrad = other.amsgrad;
            maximize = other.maximize;
        }

        internal void Complete(Options defaults)
        {
            beta1 ??= defaults.beta1;
            beta2 ??= defaults.beta2;
            weight_decay ??= defaults.weight_decay;
            eps ??= defaults.eps;
            amsgrad ??= defaults.amsgrad;
            maximize ??= defaults.maximize;
        }
    }

    public class ParamGroup : ParamGroup<Options>, IBetas
    {
        public ParamGroup()
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
        {
        }

        public ParamGroup(
            IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
            double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : base(parameters, new Options
            {
                LearningRate = lr,
                beta1 = beta1,
                beta2 = beta2,
                eps = eps,
                weight_decay = weight_decay,
                amsgrad = amsgrad,
                maximize = maximize,
            })
        {
        }

        public (double, double) Betas
        {
            get => (Options.beta1!.Value, Options.beta2!.Value);
            set => (Options.beta1, Options.beta2) = value;
        }
    }
}
