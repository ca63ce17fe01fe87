using RnnLab.Forcing;
using RnnLab.Layers;
using RnnLab.Recurrence;
using RnnLab.Tasks;

namespace RnnLab.Models;

/// <summary>A batch of series that was fed its own outputs, waiting for its backward.</summary>
internal sealed class SelfFeedingPass : IBatchPass
{
    private readonly Linear _head;
    private readonly FeedbackLoop _loop;
    private readonly OutputLossPass _losses;
    private readonly double _scored;
    private readonly bool _carriesGradient;

    /// <summary>Which sequences were fed their own outputs at each step, (B, 1), bool; null for none.</summary>
    private readonly Tensor?[] _own;

    private bool _spent;

    public SelfFeedingPass(RecurrentStack rnn, Linear head, SequenceBatch batch, TeacherForcing forcing, long firstStep)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        (_head, _scored, _carriesGradient, _own) = (head, batch.Scored, forcing.FeedbackGradient, new Tensor?[batch.Steps]);
        var truth = Inputs(batch);
        _loop = new(rnn, rnn.ZeroState(batch.Size), firstStep, _own.Length, (t, before) =>
        {
            var x = truth.select(0, t);
            if (before is null || Coins.OfStep(forcing, firstStep, t, batch.Size, x.device) is not { } coins)
                return x;
            var own = _own[t] = coins.logical_not().unsqueeze(1).DetachFromDisposeScope();
            return where(own, head.Forward(before), x);
        });
        _losses = OutputLoss.SquaredError.Forward(head.Forward(Rows(_own.Length)), batch.Targets.reshape(-1, rnn.InputSize), batch.Weights?.reshape(-1));
        Loss = _losses.Losses.sum().div_(_scored).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Loss { get; }

    /// <inheritdoc/>
    public void Backward(double scale = 1)
    {
        if (_spent)
            throw new InvalidOperationException("this batch has been gone back through or disposed; run the forward again");
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var dy = _losses.Backward(scale / _scored);
        var dh = _head.Backward(Rows(_own.Length), dy).view(_loop.Outputs.shape);
        if (_carriesGradient && _own.Length > 1)
            BackwardThroughFeedback(dh, dy);
        else
            _loop.Backward(dh, wantDx: false);
        Free();
    }

    /// <summary>Frees what it holds; the loss too.</summary>
    public void Dispose()
    {
        Free();
        Loss.Dispose();
    }

    private void Free()
    {
        _spent = true;
        _loop.Dispose();
        _losses.Dispose();
        foreach (var own in _own)
            own?.Dispose();
    }

    /// <summary>Where step t was fed y_{t−1} = W h_{t−1} + b: ∂L/∂y_{t−1} += ∂L/∂x_t, and from there W, b and h_{t−1} as for the loss's own part.</summary>
    private void BackwardThroughFeedback(Tensor dh, Tensor dy)
    {
        var steps = _own.Length - 1;
        var dFed = zeros([steps, dh.shape[1], dy.shape[1]], dy.dtype, dy.device);
        _loop.Backward(dh, wantDx: false, (t, dx) =>
        {
            if (_own[t] is not { } own)
                return null;
            var back = dFed.select(0, t - 1).copy_(dx * own.to(dx.dtype));
            return back.mm(_head.Weight);
        });
        var rows = dFed.view(-1, dy.shape[1]);
        Gradients.AddProduct(Gradients.Of(_head.Weight), rows, Rows(steps));
        Gradients.AddRowSum(Gradients.Of(_head.Bias), rows);
    }

    /// <summary>h of the first steps as rows.</summary>
    private Tensor Rows(int steps) => _loop.Outputs.narrow(0, 0, steps).view(-1, _loop.Outputs.shape[2]);

    /// <summary>The inputs with zeros for padding: what stands there would reach the weights' gradients, as 0 · NaN is NaN.</summary>
    private static Tensor Inputs(SequenceBatch batch)
        => batch.Lengths is { } lengths
            ? batch.Inputs.masked_fill(lengths.Mask(batch.Steps, batch.Inputs.dtype, batch.Inputs.device).eq(0), 0)
            : batch.Inputs;
}
