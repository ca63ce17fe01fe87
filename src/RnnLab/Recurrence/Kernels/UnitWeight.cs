namespace RnnLab.Recurrence.Kernels;

/// <summary>A weight w (H) of one number a unit: w ⊙ operand is a term of a slot's projection, so that ∂w = Σ ∂slot ⊙ operand.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Operand">What it is multiplied with.</param>
internal readonly record struct UnitWeight(int Slot, UnitOperand Operand);

/// <summary>What a weight of the units is multiplied with.</summary>
internal enum UnitOperand
{
    /// <summary>h_{t-1}.</summary>
    StateBefore,

    /// <summary>c_{t-1}.</summary>
    CellBefore,

    /// <summary>c_t.</summary>
    Cell,
}
