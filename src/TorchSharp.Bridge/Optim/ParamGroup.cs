using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>Parameters that share options.</summary>
public class ParamGroup : ILearningRateController
{
    public IEnumerable<Parameter> Parameters { get; set; } = [];

    public OptimizerOptions Options { get; set; } = null!;

    public double LearningRate
    {
        get => Options.LearningRate!.Value;
        set => Options.LearningRate = value;
    }

    public double InitialLearningRate
    {
        get => Options.InitialLearningRate;
        set => Options.InitialLearningRate = value;
    }
}

public class ParamGroup<TOptions> : ParamGroup where TOptions : OptimizerOptions
{
    public ParamGroup()
    {
    }

    public ParamGroup(IEnumerable<Parameter> parameters, TOptions? options = null)
    {
        Parameters = parameters;
        base.Options = options!;
    }

    public new TOptions Options
    {
        get => (TOptions)base.Options;
        set => base.Options = value;
    }
}

/// <summary>The options of a group; what is null takes the optimiser's default.</summary>
public class OptimizerOptions
{
    public double? LearningRate { get; set; }

    public double InitialLearningRate { get; set; }

    public virtual void LoadStateDict(OptimizerOptions source)
    {
        LearningRate = source.LearningRate;
        InitialLearningRate = source.InitialLearningRate;
    }
}

/// <summary>What an optimiser remembers of one parameter.</summary>
public abstract class OptimizerState
{
    protected Parameter _parameter;

    protected OptimizerState(Parameter parameter) => _parameter = parameter;

    /// <summary>Starts anew: counters and tensors zero.</summary>
    public abstract void Initialize(OptimizerOptions options);

    /// <summary>Copies the values of another state of the same kind.</summary>
    public abstract void LoadStateDict(OptimizerState source);

    public virtual bool ApproximatelyEquals(OptimizerState other) => false;

    public virtual void to(Device device)
    {
    }

    /// <summary>A tensor of zeros like the parameter, outside of any dispose scope.</summary>
    private protected Tensor Zeros() => zeros_like(_parameter).DetachFromDisposeScope();

    /// <summary>Replaces a tensor by a copy of another on the parameter's device, and frees the old one.</summary>
    private protected void Load(ref Tensor? target, Tensor? source)
    {
        var copy = source?.to(_parameter.device, copy: true).DetachFromDisposeScope();
        target?.Dispose();
        target = copy;
    }

    private protected static void Move(ref Tensor? tensor, Device device)
    {
        if (tensor is null || tensor.device_type == device.type && (device.index < 0 || tensor.device_index == device.index)) return;
        var moved = tensor.to(device).DetachFromDisposeScope();
        tensor.Dispose();
        tensor = moved;
    }

    private protected static void Free(ref Tensor? tensor)
    {
        tensor?.Dispose();
        tensor = null;
    }

    private protected static bool Close(Tensor? a, Tensor? b) => a is null || b is null ? a is null && b is null : a.allclose(b);
}
