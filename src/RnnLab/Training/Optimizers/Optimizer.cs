using System.Numerics;
using RnnLab.Kernels.Elementwise;

namespace RnnLab.Training.Optimizers;

/// <summary>
/// Changes parameters by their gradients. PyTorch's formulas, order of operations and defaults; the state can be saved and restored
/// tensor by tensor.
/// <para>Contiguous float32 and float64 parameters on the CPU are updated in one pass over their memory; all others by tensor operations.</para>
/// </summary>
public abstract class Optimizer : IDisposable
{
    private readonly (string Name, Parameter Parameter)[] _parameters;
    private readonly string[] _slots;
    private readonly OptimizerState[] _state;

    /// <summary>An optimiser over named parameters.</summary>
    /// <param name="parameters">Names and parameters; the names serve for the state.</param>
    /// <param name="learningRate">Learning rate, at least 0.</param>
    /// <param name="weightDecay">λ of the L2 term λp that is added to the gradient (or, in AdamW, taken off the parameter).</param>
    /// <param name="slots">The names of the tensors that it keeps for each parameter.</param>
    protected Optimizer(
        IEnumerable<(string Name, Parameter Parameter)> parameters, double learningRate, double weightDecay, params IEnumerable<string> slots)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfNegative(learningRate);
        ArgumentOutOfRangeException.ThrowIfNegative(weightDecay);
        (_parameters, _slots, LearningRate, WeightDecay) = ([.. parameters], [.. slots], learningRate, weightDecay);
        _state = [.. _parameters.Select(p => new OptimizerState(p.Parameter, _slots.Length))];
    }

    /// <summary>The learning rate of the next step; schedules change it.</summary>
    public double LearningRate { get; set; }

    /// <summary>λ.</summary>
    public double WeightDecay { get; }

    /// <summary>Steps taken.</summary>
    public long Steps { get; private set; }

    /// <summary>One step with the gradients as they stand; a parameter without one is left alone.</summary>
    public void Step() => Step(GradientClip.None);

    /// <summary>One step with the gradients clipped on the way; <c>.grad</c> itself is not changed.</summary>
    /// <param name="clip">What <see cref="GradientClipping.Measure"/> gave.</param>
    public void Step(GradientClip clip)
    {
        ArgumentNullException.ThrowIfNull(clip);
        using var no_grad = torch.no_grad();
        Steps++;
        for (var k = 0; k < _parameters.Length; k++)
        {
            var (p, state) = (_parameters[k].Parameter, _state[k]);
            using var g = p.grad;
            if (g is null || InOnePass(p, g, clip, state))
                continue;
            using var scope = NewDisposeScope();
            Update(p, clip.Of(g), state);
        }
    }

    /// <summary>The state's tensors by name, {parameter}.{slot}, of the slots that have been used; the optimiser's own, not copies.</summary>
    public IReadOnlyDictionary<string, Tensor> State
        => Keys().Where(p => p.State.Has(p.Slot)).ToDictionary(p => p.Key, p => p.State[p.Slot]);

    /// <summary>Takes up a saved state.</summary>
    /// <param name="state">Tensors by the names that <see cref="State"/> gave; copied.</param>
    /// <param name="steps">The steps taken when it was saved.</param>
    /// <exception cref="ArgumentException">It is not the state of such an optimiser over these parameters: a name or a shape is not of theirs, or one is missing.</exception>
    public void Restore(IReadOnlyDictionary<string, Tensor> state, long steps)
    {
        ArgumentNullException.ThrowIfNull(state);
        var owners = Keys().ToDictionary(p => p.Key);
        foreach (var (name, saved) in state)
            if (!owners.TryGetValue(name, out var owner) || !owner.Parameter.shape.SequenceEqual(saved.shape))
                throw new ArgumentException($"optimiser state {name} fits no parameter of this optimiser");
        // A parameter that never had a gradient has no state.
        foreach (var (name, _) in _parameters)
            if (_slots.Count(slot => state.ContainsKey($"{name}.{slot}")) is var kept && kept < _slots.Length && (kept > 0 || (steps > 0 && state.Count == 0)))
                throw new ArgumentException($"the optimiser's state lacks tensors of {name}");
        foreach (var (name, saved) in state)
            owners[name].State.Restore(owners[name].Slot, saved);
        Steps = steps;
    }

    /// <summary>Frees the state.</summary>
    public void Dispose()
    {
        foreach (var state in _state)
            state.Clear();
        GC.SuppressFinalize(this);
    }

    /// <summary>Changes p, in place, by its gradient g, in tensor operations; runs under no_grad, in a dispose scope.</summary>
    protected abstract void Update(Parameter p, Tensor g, OptimizerState state);

    /// <summary>The same in one pass over the memory of p, g and the state; false where the optimiser has no such pass.</summary>
    private protected virtual bool UpdateInOnePass<T>(Tensor p, Tensor g, GradientClip clip, OptimizerState state)
        where T : unmanaged, INumber<T> => false;

    /// <summary>g + λp, as the optimisers with an L2 term see the gradient.</summary>
    protected Tensor WithDecay(Tensor g, Parameter p)
    {
        ArgumentNullException.ThrowIfNull(g);
        return WeightDecay == 0 ? g : g.add(p, WeightDecay);
    }

    private bool InOnePass(Parameter p, Tensor g, GradientClip clip, OptimizerState state)
        => clip.DeviceScale is null && Fast.Applies(p, g) && (p.dtype == ScalarType.Float32
            ? UpdateInOnePass<float>(p, g, clip, state)
            : UpdateInOnePass<double>(p, g, clip, state));

    private IEnumerable<(string Key, Parameter Parameter, OptimizerState State, int Slot)> Keys()
        => from pair in _parameters.Zip(_state)
           from slot in Enumerable.Range(0, _slots.Length)
           select ($"{pair.First.Name}.{_slots[slot]}", pair.First.Parameter, pair.Second, slot);
}
