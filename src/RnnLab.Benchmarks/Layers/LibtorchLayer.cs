using RnnLab.Recurrence;

namespace RnnLab.Benchmarks.Layers;

/// <summary>
/// libtorch's own RNN, LSTM or GRU on the same problem, with its autograd. Gradients are asked for by <c>autograd.grad</c>, which returns
/// new ones: that is what <c>backward</c> does after a <c>zero_grad(set_to_none)</c>, without the additions and the clearing.
/// </summary>
internal sealed class LibtorchLayer : IDisposable
{
    private readonly nn.Module _module;
    private readonly Func<Tensor> _run;
    private readonly List<Tensor> _leaves;
    private readonly Tensor[] _inputs;
    private readonly Tensor _dOutput;

    public LibtorchLayer(string cell, LayerProblem problem)
    {
        using var scope = NewDisposeScope();
        var (x, H, dtype) = (LayerProblem.Leaf(problem.X), problem.Layer.Cell.HiddenSize, problem.X.dtype);
        var device = problem.X.device;
        // (layers, B, H), of one layer.
        var s0 = problem.S0.Map(s => LayerProblem.Leaf(s.unsqueeze(0)));
        _dOutput = problem.DOutput;
        _leaves = [x, s0.H];
        switch (cell)
        {
            case "lstm":
                var lstm = nn.LSTM(H, H, device: device, dtype: dtype);
                lstm.flatten_parameters();
                _leaves.Add(s0.C!);
                (_module, _run) = (lstm, () => lstm.forward(x, (s0.H, s0.C!)).Item1);
                break;
            case "gru":
                var gru = nn.GRU(H, H, device: device, dtype: dtype);
                gru.flatten_parameters();
                (_module, _run) = (gru, () => gru.forward(x, s0.H).Item1);
                break;
            default:
                var rnn = nn.RNN(H, H, device: device, dtype: dtype);
                rnn.flatten_parameters();
                (_module, _run) = (rnn, () => rnn.forward(x, s0.H).Item1);
                break;
        }
        CopyWeights(problem.Parameters, problem.Layer);
        _inputs = [.. _module.parameters(), .. _leaves];
    }

    /// <summary>The output (T, B, H), without a graph.</summary>
    public Tensor Output()
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        return _run().MoveToOuterDisposeScope();
    }

    /// <summary>The forward pass, without a graph.</summary>
    public void Forward() => Output().Dispose();

    /// <summary>A training step.</summary>
    public void Train()
    {
        using var scope = NewDisposeScope();
        autograd.grad([_run()], _inputs, [_dOutput]);
    }

    public void Dispose()
    {
        _module.Dispose();
        foreach (var leaf in _leaves)
            leaf.Dispose();
    }

    private void CopyWeights(RecurrentParameters from, RecurrentLayer layer)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var weights = from.Named(layer.Cell, "l0").ToDictionary(p => p.Name, p => p.Parameter);
        foreach (var (name, parameter) in _module.named_parameters())
            parameter.copy_(weights[name]);
    }
}
