using RnnLab.Recurrence.Sequences;

namespace RnnLab.Layers;

/// <summary><see cref="Readout.Maximum"/>.</summary>
internal sealed class ReadoutMaximum : Readout
{
    private protected override Tensor Rows(Tensor outputs, SequenceLengths? lengths, out Tensor? saved)
    {
        var own = lengths is null ? outputs : outputs.masked_fill(Padding(lengths, outputs.shape[0], outputs.device), double.NegativeInfinity);
        (var largest, saved) = own.max(0);
        return largest;
    }

    private protected override Tensor Adjoint(Tensor dRows, Tensor? saved, long[] shape, SequenceLengths? lengths)
        => zeros(shape, dRows.dtype, dRows.device).scatter_(0, saved!.unsqueeze(0), dRows.unsqueeze(0));
}
