namespace RnnLab.Layers;

/// <summary>Rows whose losses have been computed, with what their gradient needs.</summary>
public sealed class OutputLossPass : IDisposable
{
    private readonly OutputLoss _loss;
    private readonly Tensor _saved, _targets;
    private readonly Tensor? _weights;

    internal OutputLossPass(OutputLoss loss, Tensor losses, Tensor saved, Tensor targets, Tensor? weights)
        => (_loss, Losses, _saved, _targets, _weights) = (loss, losses, saved, targets, weights);

    /// <summary>w_n ℓ_n, (N), the pass's own.</summary>
    public Tensor Losses { get; }

    /// <summary>scale · ∂L/∂rows, (N, K), with L = Σ_n w_n ℓ_n; 0 where the weight is.</summary>
    public Tensor Backward(double scale)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var drows = _loss.Gradients(_saved, _targets, scale);
        if (_weights is not null)
        {
            var weights = _weights.unsqueeze(1);
            drows = drows.mul_(weights).masked_fill_(weights.eq(0), 0);
        }
        return drows.MoveToOuterDisposeScope();
    }

    /// <summary>Frees what it holds.</summary>
    public void Dispose()
    {
        Losses.Dispose();
        _saved.Dispose();
        _targets.Dispose();
        _weights?.Dispose();
    }
}
