using RnnLab.Kernels.Products;
using RnnLab.Kernels.Simd;

namespace RnnLab.Recurrence.Kernels;

/// <summary>
/// The sums over rows (time and batch) that give the weights' gradients, for the rows and units of one thread:
/// <code>∂W_ih += Σ ∂a xᵀ    ∂W_hh += Σ ∂q h_{t-1}ᵀ    ∂b_ih += Σ ∂a    ∂b_hh += Σ ∂q    ∂W_hr += Σ ∂h mᵀ</code>
/// Inputs, states and m of some steps are packed as panels; then one band of gate columns after the other is packed and multiplied with all of them.
/// </summary>
internal sealed unsafe class WeightGradients<S, V, T> : IDisposable
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    private readonly GateSlots _slots;
    private readonly Sizes _size;
    private readonly RowLayout _layout;
    private readonly int _mostRows;
    private readonly Panels<T> _inputs, _states;
    private readonly Panels<T>? _projected;
    private readonly OutputProjectionBack<S, V, T>? _projection;
    private readonly GradientBand<S, V, T> _band;
    private readonly T* _x;

    /// <summary>Room for the sums of one thread.</summary>
    /// <param name="slots">The cell's slots.</param>
    /// <param name="size">The call's sizes.</param>
    /// <param name="layout">The tape's rows.</param>
    /// <param name="x">The inputs of all steps.</param>
    /// <param name="projection">Of a projecting cell, or null.</param>
    /// <param name="mostRows">Rows that are summed at once, at most.</param>
    public WeightGradients(GateSlots slots, Sizes size, RowLayout layout, T* x, OutputProjectionBack<S, V, T>? projection, int mostRows)
    {
        (_slots, _size, _layout, _projection, _mostRows) = (slots, size, layout, projection, mostRows);
        _x = x;
        _inputs = new Panels<T>(mostRows, S.Count, PanelColumns.Of(size.I, S.Count));
        _states = new Panels<T>(mostRows, S.Count, PanelColumns.Of(size.K, S.Count));
        _projected = projection is null ? null : new Panels<T>(mostRows, S.Count, PanelColumns.Of(size.H, S.Count));
        _band = new GradientBand<S, V, T>(mostRows);
    }

    /// <summary>Adds the sums over the steps [first, last) and rows of the batch [rows.From, rows.To) for the units [units.From, units.To).</summary>
    /// <param name="memory">Gradients of the projections, and the states.</param>
    /// <param name="first">The first step.</param>
    /// <param name="last">The step after the last.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="units">Units; whole vectors.</param>
    /// <param name="outputs">Outputs; whole vectors. Of a projecting cell alone.</param>
    /// <param name="to">Where to.</param>
    /// <param name="fresh">Whether to set what is there instead of adding to it.</param>
    public void Add(SequenceMemory<T> memory, int first, int last,
        (int From, int To) rows, (int From, int To) units, (int From, int To) outputs, LayerWeights<T> to, bool fresh)
    {
        // A batch of very many rows is summed in parts.
        var most = Math.Max(1, _mostRows / (last - first));
        for (int row = rows.From, count; row < rows.To; row += count)
        {
            count = Math.Min(most, rows.To - row);
            var packed = Pack(memory, first, last, row, count);
            AddPacked(memory, first, last, row, count, packed, units, to, fresh && row == rows.From);
            if (_projected is not null)
                AddProjected(first, last, row, count, outputs, to.Hr, fresh && row == rows.From);
        }
    }

    public void Dispose()
    {
        _inputs.Dispose();
        _states.Dispose();
        _projected?.Dispose();
        _band.Dispose();
    }

    /// <summary>Rows [row, row + count) of the batch, as far as the steps have them; returns how many they are in all.</summary>
    private int Pack(SequenceMemory<T> memory, int first, int last, int row, int count)
    {
        nint k = 0;
        for (var t = first; t < last && ActiveOf(t, row, count) is > 0 and var active; t++)
        {
            Packing<T>.Rows(_inputs, 0, _inputs.Count, k, _x + ((nint)_size.Steps.Offset(t) + row) * _size.I, _size.I, active, _size.I);
            Packing<T>.Rows(_states, 0, _states.Count, k, memory.H(t) + (nint)row * _layout.PaddedOutput, _layout.PaddedOutput, active, _size.K);
            if (_projected is not null)
                Packing<T>.Rows(_projected, 0, _projected.Count, k, memory.Gates(t) + row * (nint)_layout.Stride + _layout.LastSlot, _layout.Stride, active, _size.H);
            k += active;
        }
        return (int)k;
    }

    private void AddPacked(
        SequenceMemory<T> memory, int first, int last, int row, int count, int packed, (int From, int To) units, LayerWeights<T> to, bool fresh)
    {
        var (most, stride) = (GradientBand<S, V, T>.MostColumns, (nint)_layout.Stride);
        var gates = memory.Gates(first) + row * stride;
        for (var slot = 0; slot < _slots.Fed; slot++)
            for (var unit = units.From; unit < units.To; unit += most)
            {
                var column = slot * _layout.Padded + unit;
                _band.Start(units.To - unit);
                for (int t = first, end; t < last && ActiveOf(t, row, count) is > 0 and var active; t = end)
                {
                    end = _size.Steps.RunEnd(t, last);
                    var from = memory.Gates(t) + row * stride + column;
                    var step = memory.RowsPerStep(t) * stride;
                    for (var left = end - t; left > 0; left--, from += step)
                        _band.Append(from, stride, active);
                }
                var next = gates + column + (unit + most < units.To ? most : _layout.Padded - unit + units.From);
                var upcoming = new UpcomingRows<T>(next, stride, packed);
                AddProducts(_slots.Input[slot], unit, _inputs, _size.I, to.Ih, to.BiasIh, fresh, ref upcoming);
                AddProducts(_slots.Recurrent[slot], unit, _states, _size.K, to.Hh, to.BiasHh, fresh, ref upcoming);
            }
    }

    private void AddProjected(int first, int last, int row, int count, (int From, int To) outputs, T* weight, bool fresh)
    {
        var none = default(UpcomingRows<T>);
        for (var column = outputs.From; column < outputs.To; column += GradientBand<S, V, T>.MostColumns)
        {
            _band.Start(outputs.To - column);
            for (var t = first; t < last && ActiveOf(t, row, count) is > 0 and var active; t++)
                _band.Append(_projection!.H(t) + row * (nint)_layout.PaddedOutput + column, _layout.PaddedOutput, active);
            _band.Add(_projected!, _size.H, weight + (nint)column * _size.H, _size.O - column, null, fresh, ref none);
        }
    }

    /// <summary>How many of the rows [row, row + count) step t has.</summary>
    private int ActiveOf(int t, int row, int count) => Math.Clamp(_size.Steps.Active(t) - row, 0, count);

    private void AddProducts(int gate, int unit, Panels<T> panels, int width, T* weight, T* bias, bool fresh, ref UpcomingRows<T> upcoming)
    {
        if (gate < 0)
            return;
        var row = (nint)gate * _size.H + unit;
        _band.Add(panels, width, weight + row * width, _size.H - unit, bias is null ? null : bias + row, fresh, ref upcoming);
    }
}
