namespace TorchSharp;

public static partial class torch
{
    private static Device defaultDevice = new(DeviceType.CPU);

    /// <summary>The version of libtorch.</summary>
    public static unsafe string __version__ => System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)NativeMethods.TorchVersion()) ?? "";

    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.ThreadSingleton.Current;

    /// <summary>Opens a scope that disposes, with itself, the tensors which this thread creates until then.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.ThreadSingleton.Push();

    /// <summary>Evaluates an expression of which only the result outlives the call.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }

    public static Device get_default_device() => defaultDevice;

    public static void set_default_device(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        defaultDevice = device;
    }

    public static void set_default_device(string device) => set_default_device(new Device(device));

    public static void set_default_tensor_type(Tensor t) => set_default_dtype(t.dtype);

    public static int get_num_threads() => NativeMethods.NumThreads();

    public static int get_num_interop_threads() => NativeMethods.NumInteropThreads();

    /// <summary>Sets the number of threads within one operator, OpenBLAS's own included.</summary>
    public static void set_num_threads(int num) => NativeError.Check(NativeMethods.SetNumThreads(num));

    public static void set_num_interop_threads(int num) => NativeError.Check(NativeMethods.SetNumInteropThreads(num));

    public static bool is_tensor(object obj) => obj is Tensor;

    public static long numel(Tensor input) => input.numel();
}
