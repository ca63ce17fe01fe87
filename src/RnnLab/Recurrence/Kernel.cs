namespace RnnLab.Recurrence;

/// <summary>Which form of the recurrence's passes runs.</summary>
public enum Kernel
{
    /// <summary>The fused CPU passes where they apply (a built-in cell, float32 or float64, on the CPU); the readable form elsewhere.</summary>
    Fast,

    /// <summary>The readable form: the cell's equations in tensor operations, on any device.</summary>
    Reference,
}
