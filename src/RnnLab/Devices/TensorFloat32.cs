namespace RnnLab.Devices;

/// <summary>
/// TF32 on CUDA devices: products of float32 numbers whose factors are rounded to 10 bits of mantissa, on tensor cores. libtorch's own defaults are two: matrix
/// products do without, cuDNN's recurrent operators do with it. RnnLab sets both alike.
/// </summary>
public static class TensorFloat32
{
    /// <summary>Allows or forbids it, for the process, in matrix products and in cuDNN.</summary>
    public static void Allow(bool allowed)
    {
        backends.cuda.matmul.allow_tf32 = allowed;
        backends.cudnn.allow_tf32 = allowed;
    }

    /// <summary>Whether matrix products may use it.</summary>
    public static bool IsAllowed => backends.cuda.matmul.allow_tf32;
}
