using RnnLab.Cells;
using RnnLab.Randomness;
using RnnLab.Recurrence.Sequences;

namespace RnnLab.Recurrence.Passes;

/// <summary>
/// The masks of a call's steps: of recurrent dropout, of zoneout and of padding. Those of zoneout are made for some steps at a time; for sequences of unequal lengths once a call.
/// </summary>
/// <param name="cell">The cell.</param>
/// <param name="regularization">What is drawn.</param>
/// <param name="streams">Of the layer's masks.</param>
/// <param name="rows">The call's rows.</param>
/// <param name="reverse">Whether steps run from the last to the first.</param>
/// <param name="training">Whether masks are drawn, or their means taken.</param>
/// <param name="firstStep">The number of the first time step.</param>
/// <param name="dtype">Of the layer.</param>
/// <param name="device">Of the layer.</param>
internal sealed class SequenceMasks(
    Cell cell, RecurrentRegularization regularization, MaskStreams streams, BatchRows rows, bool reverse, bool training, long firstStep, ScalarType dtype, Device device)
    : IDisposable
{
    private Dictionary<RandomStream, Tensor>? _packed;
    private Tensor? _operand;

    /// <summary>Whether no step has a mask.</summary>
    public bool AreNone => !rows.IsMasked && !regularization.HasZoneout && !(training && regularization.RecurrentDropout > 0);

    /// <summary>The masks of the steps [from, to), each for the rows of its step; in the caller's dispose scope.</summary>
    public IReadOnlyList<StepMasks> Of(int from, int to)
    {
        if (AreNone)
            return [.. Enumerable.Repeat(StepMasks.None, to - from)];
        var operand = Operand();
        var padding = rows.IsMasked ? InTime(rows.Mask(dtype, device).narrow(0, FirstInTime(from, to), to - from)) : null;
        var updateH = Updates(regularization.ZoneoutH, streams.ZoneoutH, cell.OutputSize, from, to, padding);
        var updateC = cell.HasCellState ? Updates(regularization.ZoneoutC, streams.ZoneoutC, cell.HiddenSize, from, to, padding) : null;
        return [.. Enumerable.Range(from, to - from).Select(t => new StepMasks(operand?.narrow(0, 0, rows.Steps.Active(t)), updateH?.Invoke(t), updateC?.Invoke(t)))];
    }

    /// <summary>Frees what is kept for all steps.</summary>
    public void Dispose()
    {
        _operand?.Dispose();
        _operand = null;
        foreach (var packed in _packed?.Values ?? Enumerable.Empty<Tensor>())
            packed.Dispose();
        _packed = null;
    }

    private Tensor? Operand()
    {
        if (!training || regularization.RecurrentDropout == 0)
            return null;
        if (_operand is null)
        {
            using var scope = NewDisposeScope();
            var drawn = streams.Recurrent.Masks(1, [rows.Steps.B, cell.OutputSize], 1 - regularization.RecurrentDropout, (ulong)firstStep, dtype, device);
            _operand = rows.ToRowOrder(drawn.select(0, 0)).DetachFromDisposeScope();
        }
        return _operand;
    }

    /// <summary>u of each step, or null where all is taken over.</summary>
    private Func<int, Tensor>? Updates(double zoneout, RandomStream stream, long width, int from, int to, Tensor? padding)
    {
        if (zoneout == 0)
            return padding is null ? null : t => padding.select(0, t - from);
        if (!training)
        {
            var mean = full([1], 1 - zoneout, dtype, device);
            return padding is null ? _ => mean : t => padding.select(0, t - from) * mean;
        }
        if (!rows.Steps.IsUniform)
        {
            var packed = Packed(zoneout, stream, width);
            return t => packed.narrow(0, rows.Steps.Offset(t), rows.Steps.Active(t));
        }
        var drawn = InTime(Draw(zoneout, stream, width, FirstInTime(from, to), to - from));
        var all = padding is null ? drawn : drawn * padding;
        return t => all.select(0, t - from);
    }

    /// <summary>1 where the new state is taken, (steps, B, width).</summary>
    private Tensor Draw(double zoneout, RandomStream stream, long width, long first, long steps)
        => stream.Masks(steps, [rows.Steps.B, width], 1 - zoneout, (ulong)(firstStep + first), dtype, device).sign();

    /// <summary>For sequences of unequal lengths a row's time is its own: masks go by it, in reverse as well.</summary>
    private Tensor Packed(double zoneout, RandomStream stream, long width)
    {
        _packed ??= [];
        if (_packed.TryGetValue(stream, out var made))
            return made;
        using var scope = NewDisposeScope();
        var packed = rows.ToRows(Draw(zoneout, stream, width, 0, rows.PaddedSteps));
        return _packed[stream] = (reverse ? rows.Reverse(packed) : packed).DetachFromDisposeScope();
    }

    /// <summary>The first, in time, of the steps [from, to) in the order of the passes.</summary>
    private int FirstInTime(int from, int to) => reverse ? rows.Steps.T - to : from;

    private Tensor InTime(Tensor steps) => reverse ? steps.flip(0) : steps;
}

/// <summary>The random streams of a layer's masks, each made when it is first asked for.</summary>
/// <param name="seed">The experiment's seed.</param>
/// <param name="layer">The layer's part of its parameters' names: l0, l0_reverse.</param>
internal sealed class MaskStreams(ulong seed, string layer)
{
    /// <summary>Of recurrent dropout.</summary>
    public RandomStream Recurrent => field ??= Stream("recurrent_dropout");

    /// <summary>Of weight drop.</summary>
    public RandomStream Weight => field ??= Stream("weight_drop");

    /// <summary>Of zoneout on h.</summary>
    public RandomStream ZoneoutH => field ??= Stream("zoneout_h");

    /// <summary>Of zoneout on c.</summary>
    public RandomStream ZoneoutC => field ??= Stream("zoneout_c");

    private RandomStream Stream(string kind) => new(seed, $"{kind}/{layer}");
}
