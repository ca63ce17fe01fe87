using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Recurrence;
using RnnLab.Tasks;

namespace RnnLab.Models;

/// <summary>A batch that an encoder–decoder has been run over.</summary>
internal sealed class EncoderDecoderPass : IBatchPass
{
    private readonly EncoderDecoderModel _model;
    private readonly EncoderPass _encoder;
    private readonly RecurrentState _s0;
    private readonly DecoderPass _decoder;
    private readonly OutputLossPass _loss;
    private readonly double _scored;
    private bool _spent;

    public EncoderDecoderPass(EncoderDecoderModel model, SequenceBatch batch, PassOptions options)
    {
        _model = model;
        _encoder = model.Encode(batch.Inputs, batch.Lengths, record: true, options.FirstStep);
        _s0 = model.FirstState(_encoder.Encoding);
        _decoder = model.Decode(_encoder.Encoding, _s0, batch.Targets, options, record: true);
        (_loss, _scored) = (model.LossOf(_decoder, batch), batch.Scored);
        using var scope = NewDisposeScope();
        Loss = (_loss.Losses.sum() / _scored).DetachFromDisposeScope();
    }

    public Tensor Loss { get; }

    public void Backward(double scale = 1)
    {
        if (_spent)
            throw new InvalidOperationException("this pass has been gone back through or disposed; run the forward again");
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var (readout, encoding) = (_decoder.Readout, _encoder.Encoding);
        var dRows = _model.Head.Backward(readout.view(-1, readout.shape[2]), _loss.Backward(scale / _scored));
        var (ds0, dMemory, dFixed) = _decoder.Backward(dRows.view(readout.shape));
        CellState[] dLevels = [.. encoding.Levels.Select(level => level.Map(own => own.zeros_like()))];
        if (dFixed is not null)
            dLevels[^1].H.add_(dFixed);
        _model.Bridge?.Backward(encoding, _s0, ds0, dLevels);
        _encoder.Backward(dMemory, dLevels);
        Release();
    }

    /// <summary>Frees what it holds, the loss included.</summary>
    public void Dispose()
    {
        Release();
        Loss.Dispose();
    }

    private void Release()
    {
        if (_spent)
            return;
        _spent = true;
        _decoder.Dispose();
        _s0.Dispose();
        _encoder.Dispose();
        _loss.Dispose();
    }
}
