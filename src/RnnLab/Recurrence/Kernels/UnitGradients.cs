using System.Runtime.CompilerServices;
using RnnLab.Kernels.Products;
using RnnLab.Kernels.Simd;

namespace RnnLab.Recurrence.Kernels;

/// <summary>The sums over rows (time and batch) that give the gradients of the units' weights, ∂w += Σ ∂slot ⊙ operand, for the rows and units of one thread.</summary>
internal static unsafe class UnitGradients<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    /// <summary>Adds the sums over the steps [first, last).</summary>
    /// <param name="slots">The cell's slots.</param>
    /// <param name="size">The call's sizes.</param>
    /// <param name="layout">The tape's rows.</param>
    /// <param name="memory">Gradients of the projections, and the states.</param>
    /// <param name="first">The first step.</param>
    /// <param name="last">The step after the last.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="units">Units; whole vectors.</param>
    /// <param name="to">Where to: rows (·, H) without gaps.</param>
    /// <param name="fresh">Whether to set what is there instead of adding to it.</param>
    public static void Add(GateSlots slots, Sizes size, RowLayout layout, SequenceMemory<T> memory, int first, int last,
        (int From, int To) rows, (int From, int To) units, T* to, bool fresh)
    {
        var sum = stackalloc T[S.Count];
        for (var k = 0; k < slots.UnitWeights.Count; k++)
            for (var unit = units.From; unit < Math.Min(units.To, size.H); unit += S.Count)
            {
                S.Store(Sum(slots.UnitWeights[k], size, layout, memory, first, last, rows, unit), sum);
                Elements<T>.Put(to + (nint)k * size.H + unit, sum, Math.Min(S.Count, size.H - unit), fresh);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V Sum(UnitWeight w, Sizes size, RowLayout layout, SequenceMemory<T> memory, int first, int last, (int From, int To) rows, int unit)
    {
        V sum = default;
        for (var t = first; t < last; t++)
        {
            T* dz = memory.Gates(t) + (nint)w.Slot * layout.Padded + unit, operand = Operand(w, memory, t) + unit;
            for (nint row = rows.From; row < Math.Min(rows.To, size.Steps.Active(t)); row++)
                sum = S.MultiplyAdd(S.Load(dz + row * layout.Stride), S.Load(operand + row * layout.Padded), sum);
        }
        return sum;
    }

    private static T* Operand(UnitWeight w, SequenceMemory<T> memory, int t) => w.Operand switch
    {
        UnitOperand.StateBefore => memory.H(t),
        UnitOperand.CellBefore => memory.C(t),
        _ => memory.C(t + 1),
    };
}
