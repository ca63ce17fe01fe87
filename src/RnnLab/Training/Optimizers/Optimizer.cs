namespace RnnLab.Training.Optimizers;

/// <summary>
/// Changes parameters by their gradients. PyTorch's formulas, order of operations and defaults; the state can be saved and restored
/// tensor by tensor.
/// </summary>
public abstract class Optimizer : IDisposable
{
    private readonly (string Name, Parameter Parameter)[] _parameters;
    private readonly Dictionary<string, Tensor> _state = [];

    /// <summary>An optimiser over named parameters.</summary>
    /// <param name="parameters">Names and parameters; the names serve for the state.</param>
    /// <param name="learningRate">Learning rate, at least 0.</param>
    /// <param name="weightDecay">λ of the L2 term λp that is added to the gradient (or, in AdamW, taken off the parameter).</param>
    protected Optimizer(IEnumerable<(string Name, Parameter Parameter)> parameters, double learningRate, double weightDecay)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfNegative(learningRate);
        ArgumentOutOfRangeException.ThrowIfNegative(weightDecay);
        (_parameters, LearningRate, WeightDecay) = ([.. parameters], learningRate, weightDecay);
    }

    /// <summary>The learning rate of the next step; schedules change it.</summary>
    public double LearningRate { get; set; }

    /// <summary>λ.</summary>
    public double WeightDecay { get; }

    /// <summary>Steps taken.</summary>
    public long Steps { get; private set; }

    /// <summary>One step with the gradients as they stand; a parameter without one is left alone.</summary>
    public void Step()
    {
        using var no_grad = torch.no_grad();
        Steps++;
        foreach (var (name, p) in _parameters)
        {
            using var scope = NewDisposeScope();
            if (p.grad is { } g)
                Update(name, p, g);
        }
    }

    /// <summary>The state's tensors by name, {parameter}.{slot}; the optimiser's own, not copies.</summary>
    public IReadOnlyDictionary<string, Tensor> State => _state;

    /// <summary>Takes up a saved state.</summary>
    /// <param name="state">Tensors by the names that <see cref="State"/> gave; copied.</param>
    /// <param name="steps">The steps taken when it was saved.</param>
    /// <exception cref="ArgumentException">It is not the state of such an optimiser over these parameters: a name or a shape is not of theirs, or one is missing.</exception>
    public void Restore(IReadOnlyDictionary<string, Tensor> state, long steps)
    {
        ArgumentNullException.ThrowIfNull(state);
        var owners = _parameters.SelectMany(p => Slots.Select(slot => (Key: $"{p.Name}.{slot}", p.Parameter))).ToDictionary(p => p.Key, p => p.Parameter);
        foreach (var (name, saved) in state)
            if (!owners.TryGetValue(name, out var owner) || !owner.shape.SequenceEqual(saved.shape))
                throw new ArgumentException($"optimiser state {name} fits no parameter of this optimiser");
        // A parameter that never had a gradient has no state.
        foreach (var (name, _) in _parameters)
            if (Slots.Count(slot => state.ContainsKey($"{name}.{slot}")) is var kept && kept < Slots.Count && (kept > 0 || (steps > 0 && state.Count == 0)))
                throw new ArgumentException($"the optimiser's state lacks tensors of {name}");
        using var scope = NewDisposeScope();
        foreach (var (name, saved) in state)
            Keep(name, saved.to(owners[name].dtype).to(owners[name].device).clone());
        Steps = steps;
    }

    /// <summary>Frees the state.</summary>
    public void Dispose()
    {
        foreach (var tensor in _state.Values)
            tensor.Dispose();
        _state.Clear();
        GC.SuppressFinalize(this);
    }

    /// <summary>The tensors that it keeps for each parameter.</summary>
    protected abstract IReadOnlyList<string> Slots { get; }

    /// <summary>Changes p, in place, by its gradient g; runs under no_grad, in a dispose scope.</summary>
    protected abstract void Update(string name, Parameter p, Tensor g);

    /// <summary>The tensor called <paramref name="slot"/> that goes with a parameter: zeros at first.</summary>
    protected Tensor Slot(string name, string slot, Parameter p)
    {
        ArgumentNullException.ThrowIfNull(p);
        var key = $"{name}.{slot}";
        return _state.TryGetValue(key, out var tensor) ? tensor : Keep(key, zeros(p.shape, p.dtype, p.device));
    }

    /// <summary>g + λp, as the optimisers with an L2 term see the gradient.</summary>
    protected Tensor WithDecay(Tensor g, Parameter p)
    {
        ArgumentNullException.ThrowIfNull(g);
        return WeightDecay == 0 ? g : g.add(p, WeightDecay);
    }

    private Tensor Keep(string key, Tensor tensor)
    {
        if (_state.TryGetValue(key, out var replaced))
            replaced.Dispose();
        return _state[key] = tensor.DetachFromDisposeScope();
    }
}
