namespace TorchSharp;

public static partial class torch
{
    /// <summary>Which shortcuts the libraries beneath libtorch may take.</summary>
    public static class backends
    {
        public static class cuda
        {
            public static class matmul
            {
                /// <summary>Whether float32 matrix products on CUDA may round their factors to TF32, 10 bits of mantissa.</summary>
                public static bool allow_tf32
                {
                    get => NativeError.Check(NativeMethods.MatmulTf32()) != 0;
                    set => NativeError.Check(NativeMethods.SetMatmulTf32(value ? 1 : 0));
                }
            }
        }

        public static class cudnn
        {
            /// <summary>Whether cuDNN, recurrent networks included, may round float32 to TF32; true unless it is set.</summary>
            public static bool allow_tf32
            {
                get => NativeError.Check(NativeMethods.CudnnTf32()) != 0;
                set => NativeError.Check(NativeMethods.SetCudnnTf32(value ? 1 : 0));
            }
        }
    }
}
