using RnnLab.Recurrence.Sequences;

namespace RnnLab.Layers;

/// <summary><see cref="Readout.EachStep"/>: padding is left out, so that no work is done for it further up.</summary>
internal sealed class ReadoutEachStep : Readout
{
    public override Tensor TargetRows(Tensor targets, SequenceLengths? lengths)
    {
        using var scope = NewDisposeScope();
        var rows = targets.reshape([targets.shape[0] * targets.shape[1], .. targets.shape[2..]]);
        return (lengths is null ? rows : rows.index_select(0, lengths.PaddedRows(targets.device))).MoveToOuterDisposeScope();
    }

    public override Tensor AtTargets(Tensor rows, long steps, long batch, SequenceLengths? lengths)
    {
        using var scope = NewDisposeScope();
        var width = rows.shape[1];
        if (lengths is not null)
            rows = zeros([steps * batch, width], rows.dtype, rows.device).index_copy_(0, lengths.PaddedRows(rows.device), rows);
        return rows.view(steps, batch, width).MoveToOuterDisposeScope();
    }

    private protected override Tensor Rows(Tensor outputs, SequenceLengths? lengths, out Tensor? saved)
    {
        saved = null;
        return TargetRows(outputs, lengths);
    }

    private protected override Tensor Adjoint(Tensor dRows, Tensor? saved, long[] shape, SequenceLengths? lengths) => AtTargets(dRows, shape[0], shape[1], lengths);
}
