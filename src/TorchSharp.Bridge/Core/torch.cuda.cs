namespace TorchSharp;

public static partial class torch
{
    public static bool cuda_is_available() => cuda.is_available();

    public static class cuda
    {
        public static bool is_available() => NativeError.Check(NativeMethods.CudaAvailable()) != 0;

        public static bool is_cudnn_available() => NativeError.Check(NativeMethods.CudnnAvailable()) != 0;

        public static int device_count() => NativeError.Check(NativeMethods.CudaDeviceCount());

        public static void manual_seed(long seed) => NativeError.Check(NativeMethods.CudaManualSeed((ulong)seed, 0));

        public static void manual_seed_all(long seed) => NativeError.Check(NativeMethods.CudaManualSeed((ulong)seed, 1));

        /// <summary>Waits for all work on the device, the current one where none is given.</summary>
        public static void synchronize(Device? device = null) => NativeError.Check(NativeMethods.CudaSynchronize(device?.index ?? -1));
    }
}
