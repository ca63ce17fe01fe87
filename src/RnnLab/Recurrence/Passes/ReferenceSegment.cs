using RnnLab.Cells;

namespace RnnLab.Recurrence.Passes;

/// <summary>What the readable form recorded of some steps.</summary>
internal sealed class ReferenceSegment(int from) : TapeSegment(from)
{
    public List<StepRecord> Steps { get; } = [];

    public override int To => From + Steps.Count;

    public override long Bytes => Steps.Sum(step => step.Bytes);

    public void Add(StepRecord step) => Steps.Add(step);

    public override CellState StateBefore(int t) => (t < To ? Steps[t - From].Before : Steps[^1].State).Copy();

    public override void Dispose()
    {
        foreach (var step in Steps)
            step.Dispose();
        Steps.Clear();
    }
}
