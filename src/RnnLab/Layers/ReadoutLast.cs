using RnnLab.Recurrence.Sequences;

namespace RnnLab.Layers;

/// <summary><see cref="Readout.Last"/>.</summary>
/// <param name="parts">The directions, column by column.</param>
internal sealed class ReadoutLast(IReadOnlyList<ReadoutPart> parts) : Readout
{
    private protected override Tensor Rows(Tensor outputs, SequenceLengths? lengths, out Tensor? saved)
    {
        saved = null;
        var rows = outputs.reshape(-1, outputs.shape[2]);
        var read = Columns(rows).Select(columns => columns.Tensor.index_select(0, Places(columns.Reverse, outputs.shape, lengths, outputs.device))).ToArray();
        return read.Length == 1 ? read[0] : cat(read, 1);
    }

    private protected override Tensor Adjoint(Tensor dRows, Tensor? saved, long[] shape, SequenceLengths? lengths)
    {
        var dOutputs = zeros(shape, dRows.dtype, dRows.device);
        foreach (var (to, from) in Columns(dOutputs.view(-1, shape[2])).Zip(Columns(dRows)))
            to.Tensor.index_add_(0, Places(to.Reverse, shape, lengths, dRows.device), from.Tensor, 1);
        return dOutputs;
    }

    private IEnumerable<(Tensor Tensor, bool Reverse)> Columns(Tensor rows)
    {
        var first = 0L;
        foreach (var part in parts)
        {
            yield return (rows.narrow(1, first, part.Width), part.Reverse);
            first += part.Width;
        }
    }

    /// <summary>The row t·B + b of each sequence's last step in its direction, (B), int64.</summary>
    private static Tensor Places(bool reverse, long[] shape, SequenceLengths? lengths, Device device)
    {
        var (T, B) = (shape[0], shape[1]);
        if (reverse || lengths is null)
            return arange(reverse ? 0 : (T - 1) * B, reverse ? B : T * B, ScalarType.Int64, device);
        return tensor(lengths.Values.Select((length, b) => (length - 1) * B + b).ToArray()).to(device);
    }
}
