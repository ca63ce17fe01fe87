using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>What the optimisers share: groups, state by parameter, and the frame of a step.</summary>
public abstract class OptimizerHelper : Optimizer
{
    protected OptimizerOptions _defaults = new();
    protected OrderedDict<IntPtr, OptimizerState> _state = new();

    public OptimizerHelper()
    {
    }

    public override IEnumerable<Parameter> parameters() => _parameter_groups.SelectMany(group => group.Parameters);

    public override void add_param_group(ParamGroup param_group) => _parameter_groups.Add(param_group);

    public override void zero_grad()
    {
        foreach (var parameter in parameters())
        {
            using var grad = parameter.grad;
            grad?.zero_();
        }
    }

    public virtual StateDictionary state_dict()
    {
        var dictionary = new StateDictionary();
        foreach (var group in _parameter_groups)
        {
            dictionary.Options.Add(group.Options);
            var indices = new List<int>();
            dictionary.StateIndexRef.Add(indices);
            foreach (var parameter in group.Parameters)
            {
                indices.Add(dictionary.State.Count);
                dictionary.State.Add(_state[parameter.Handle]);
            }
        }

        return dictionary;
    }

    /// <summary>
    /// Copies options and state from another optimiser of the same kind over parameters of the same shapes; throws
    /// <see cref="ArgumentException"/> where the numbers of groups or parameters differ.
    /// </summary>
    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var own = this.state_dict();
        if (state_dict.Options.Count != own.Options.Count)
            throw new ArgumentException("Invalid optimizer state: the number of parameter groups differs.", nameof(state_dict));
        if (state_dict.State.Count != own.State.Count)
            throw new ArgumentException("Invalid optimizer state: the number of parameters differs.", nameof(state_dict));

        foreach (var (mine, other) in own.Options.Zip(state_dict.Options))
            if (!ReferenceEquals(mine, other)) mine.LoadStateDict(other);
        foreach (var (mine, other) in own.State.Zip(state_dict.State))
            if (!ReferenceEquals(mine, other)) mine.LoadStateDict(other);
    }

    /// <summary>Moves the state to a device, after the parameters.</summary>
    public void to(Device device)
    {
        foreach (var (_, state) in _state) state.to(device);
    }

    /// <summary>Runs the closure with gradients on, then the body over every group with gradients off.</summary>
    protected Tensor? _step<T>(Action<T> body, Func<Tensor>? loss_closure = null) where T : ParamGroup
    {
        Tensor? loss = null;
        if (loss_closure is not null)
            using (enable_grad())
                loss = loss_closure();

        using var _ = no_grad();
        using var scope = NewDisposeScope();
        foreach (var group in _parameter_groups) body((T)group);
        return loss;
    }

    private protected override void FreeState()
    {
        foreach (var (_, state) in _state) (state as IDisposable)?.Dispose();
        _state.Clear();
    }

    /// <summary>Adds a group: options that it leaves open take the defaults, and each parameter gets a new state.</summary>
    private protected void AddGroup<TOptions>(
        ParamGroup group, Action<TOptions, TOptions> complete, Func<Parameter, OptimizerState> newState)
        where TOptions : OptimizerOptions, new()
    {
        var options = (TOptions?)group.Options ?? new TOptions();
        complete(options, (TOptions)_defaults);
        options.LearningRate ??= _defaults.LearningRate;
        options.InitialLearningRate = options.LearningRate!.Value;
        group.Options = options;
        _parameter_groups.Add(group);
        foreach (var parameter in group.Parameters)
        {
            var state = newState(parameter);
            state.Initialize(options);
            _state[parameter.Handle] = state;
        }
    }

    private protected static double AtLeastZero(double value, string name) =>
        value >= 0 ? value : throw new ArgumentException($"Invalid {name}: {value}", name);

    private protected static double Decay(double value, string name) =>
        value is >= 0 and < 1 ? value : throw new ArgumentException($"Invalid {name}: {value}", name);
}
