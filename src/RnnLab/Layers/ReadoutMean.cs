using RnnLab.Recurrence.Sequences;

namespace RnnLab.Layers;

/// <summary><see cref="Readout.Mean"/>.</summary>
internal sealed class ReadoutMean : Readout
{
    private protected override Tensor Rows(Tensor outputs, SequenceLengths? lengths, out Tensor? saved)
    {
        saved = null;
        return lengths is null
            ? outputs.mean([0])
            : outputs.masked_fill(Padding(lengths, outputs.shape[0], outputs.device), 0).sum(0L).mul_(Shares(lengths, outputs.dtype, outputs.device));
    }

    private protected override Tensor Adjoint(Tensor dRows, Tensor? saved, long[] shape, SequenceLengths? lengths)
    {
        if (lengths is null)
            return (dRows / shape[0]).unsqueeze(0).expand(shape).contiguous();
        var share = (dRows * Shares(lengths, dRows.dtype, dRows.device)).unsqueeze(0).expand(shape);
        return share.masked_fill(Padding(lengths, shape[0], dRows.device), 0);
    }

    /// <summary>1 / T_b, (B, 1).</summary>
    private static Tensor Shares(SequenceLengths lengths, ScalarType dtype, Device device)
        => tensor(lengths.Values.Select(length => 1.0 / length).ToArray()).to(dtype).to(device).unsqueeze(1);
}
