using RnnLab.Layers;
using RnnLab.Recurrence.Sequences;
using RnnLab.Tasks;

namespace RnnLab.Models;

/// <summary>A batch that a <see cref="SequenceModel"/> has run over with the truth at every step.</summary>
internal sealed class SequencePass : IBatchPass
{
    private readonly SequenceModel _model;
    private readonly CorePass _core;
    private readonly SequenceLengths? _lengths;
    private readonly Tensor _inputs, _rows;
    private readonly Tensor? _saved;
    private readonly OutputLossPass _loss;
    private readonly long[] _shape;
    private readonly double _scale;
    private bool _spent;

    /// <param name="model">The model.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="core">Its core's pass, this one's from now on.</param>
    public SequencePass(SequenceModel model, SequenceBatch batch, CorePass core)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        (_model, _core, _lengths, _shape) = (model, core, batch.Lengths, core.Output.shape);
        // Where nothing is scored there is no loss, and no gradient.
        _scale = batch.Scored > 0 ? 1 / batch.Scored : 0;
        _inputs = batch.Inputs.alias().DetachFromDisposeScope();
        _rows = model.Readout.Forward(core.Output, _lengths, out _saved).DetachFromDisposeScope();
        _saved?.DetachFromDisposeScope();
        Outputs = model.Head.Forward(_rows).DetachFromDisposeScope();
        var weights = batch.Weights is null ? null : model.Readout.TargetRows(batch.Weights, _lengths);
        _loss = model.OutputLoss.Forward(Outputs, model.Readout.TargetRows(batch.Targets, _lengths), weights);
        Loss = _loss.Losses.sum().mul_(_scale).DetachFromDisposeScope();
    }

    /// <summary>What the head gives, (N, K): a row for each target, as the readout orders them.</summary>
    public Tensor Outputs { get; }

    /// <summary>w·ℓ of each, (N).</summary>
    public Tensor Losses => _loss.Losses;

    /// <inheritdoc/>
    public Tensor Loss { get; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The pass is used up.</exception>
    public void Backward(double scale = 1)
    {
        if (_spent)
            throw new InvalidOperationException("this pass has been gone back through or disposed; run the forward again");
        using var scope = NewDisposeScope();
        var dRows = _model.Head.Backward(_rows, _loss.Backward(scale * _scale));
        var dOutput = _model.Readout.Backward(dRows, _saved, _shape, _lengths);
        var dx = _core.Backward(dOutput, wantInput: _model.Input is { HasParameters: true });
        if (dx is not null)
            _model.Input!.Backward(_inputs, dx);
        Free();
    }

    /// <summary>Frees what it holds.</summary>
    public void Dispose()
    {
        Free();
        Loss.Dispose();
    }

    private void Free()
    {
        _spent = true;
        _core.Dispose();
        _inputs.Dispose();
        _rows.Dispose();
        _saved?.Dispose();
        _loss.Dispose();
        Outputs.Dispose();
    }
}
