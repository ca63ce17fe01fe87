namespace RnnLab.Recurrence;

/// <summary>
/// Which form of the computations runs: <see cref="RecurrentLayer.Kernel"/> chooses for one layer, <see cref="RnnLab.Kernels.KernelChoice"/> for all that a thread
/// does, and a config's key <c>kernel</c> for an experiment.
/// </summary>
public enum Kernel
{
    /// <summary>The fused CPU passes where they apply (float32 or float64, on the CPU; in the recurrence, a built-in cell); the readable form elsewhere.</summary>
    Fast,

    /// <summary>The readable form: the equations in tensor operations, on any device.</summary>
    Reference,
}
