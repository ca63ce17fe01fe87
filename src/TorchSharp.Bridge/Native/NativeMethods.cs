using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>What native/bridge.cpp exports. Negative results mean that <see cref="LastError"/> holds a message.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = NativeLibraryLoader.Name;

    [LibraryImport(Library, EntryPoint = "bridge_last_error")]
    internal static partial byte* LastError();

    [LibraryImport(Library, EntryPoint = "bridge_last_exception")]
    internal static partial nint LastException();

    [LibraryImport(Library, EntryPoint = "bridge_forget_exception")]
    internal static partial void ForgetException();

    [LibraryImport(Library, EntryPoint = "bridge_find", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Find(string name, string overload, out nint found);

    [LibraryImport(Library, EntryPoint = "bridge_call")]
    internal static partial int Call(nint op, NativeValue* arguments, int count, NativeValue* results, int capacity);

    [LibraryImport(Library, EntryPoint = "bridge_free")]
    internal static partial void Free(nint block);

    [LibraryImport(Library, EntryPoint = "bridge_release")]
    internal static partial void Release(nint tensor);

    [LibraryImport(Library, EntryPoint = "bridge_retain")]
    internal static partial nint Retain(nint tensor);

    [LibraryImport(Library, EntryPoint = "bridge_info")]
    internal static partial int Info(nint tensor, TensorInfo* info);

    [LibraryImport(Library, EntryPoint = "bridge_sizes")]
    internal static partial int Sizes(nint tensor, long* sizes, long* strides);

    [LibraryImport(Library, EntryPoint = "bridge_data")]
    internal static partial int Data(nint tensor, out nint data);

    [LibraryImport(Library, EntryPoint = "bridge_from_blob")]
    internal static partial int FromBlob(
        nint data, long* sizes, int dimensions, int dtype, delegate* unmanaged<nint, void> deleter, nint context, out nint tensor);

    [LibraryImport(Library, EntryPoint = "bridge_requires_grad")]
    internal static partial int RequiresGrad(nint tensor);

    [LibraryImport(Library, EntryPoint = "bridge_set_requires_grad")]
    internal static partial int SetRequiresGrad(nint tensor, int value);

    [LibraryImport(Library, EntryPoint = "bridge_is_leaf")]
    internal static partial int IsLeaf(nint tensor);

    [LibraryImport(Library, EntryPoint = "bridge_retain_grad")]
    internal static partial int RetainGrad(nint tensor);

    [LibraryImport(Library, EntryPoint = "bridge_grad")]
    internal static partial int Grad(nint tensor, out nint grad);

    [LibraryImport(Library, EntryPoint = "bridge_set_grad")]
    internal static partial int SetGrad(nint tensor, nint grad);

    [LibraryImport(Library, EntryPoint = "bridge_backward")]
    internal static partial int Backward(
        nint* outputs, long count, nint* grads, long gradCount, int retainGraph, int createGraph, nint* inputs, long inputCount);

    [LibraryImport(Library, EntryPoint = "bridge_gradients")]
    internal static partial int Gradients(
        nint* outputs, long count, nint* inputs, long inputCount, nint* grads, long gradCount,
        int retainGraph, int createGraph, int allowUnused, nint* results);

    [LibraryImport(Library, EntryPoint = "bridge_apply")]
    internal static partial int Apply(FunctionCall* call, nint* results);

    [LibraryImport(Library, EntryPoint = "bridge_saved")]
    internal static partial int Saved(nint context, out nint* tensors);

    [LibraryImport(Library, EntryPoint = "bridge_grad_mode")]
    internal static partial int GradMode();

    [LibraryImport(Library, EntryPoint = "bridge_set_grad_mode")]
    internal static partial void SetGradMode(int enabled);

    [LibraryImport(Library, EntryPoint = "bridge_inference_mode")]
    internal static partial int InferenceMode();

    [LibraryImport(Library, EntryPoint = "bridge_enter_inference_mode")]
    internal static partial nint EnterInferenceMode(int enabled);

    [LibraryImport(Library, EntryPoint = "bridge_leave_inference_mode")]
    internal static partial void LeaveInferenceMode(nint guard);

    [LibraryImport(Library, EntryPoint = "bridge_anomaly_mode")]
    internal static partial int AnomalyMode();

    [LibraryImport(Library, EntryPoint = "bridge_anomaly_checks_nan")]
    internal static partial int AnomalyChecksNaN();

    [LibraryImport(Library, EntryPoint = "bridge_set_anomaly_mode")]
    internal static partial void SetAnomalyMode(int enabled, int checkNaN);

    [LibraryImport(Library, EntryPoint = "bridge_manual_seed")]
    internal static partial int ManualSeed(ulong seed);

    [LibraryImport(Library, EntryPoint = "bridge_generator_new")]
    internal static partial int GeneratorNew(ulong seed, int deviceType, int deviceIndex, out nint generator);

    [LibraryImport(Library, EntryPoint = "bridge_generator_default")]
    internal static partial int GeneratorDefault(out nint generator);

    [LibraryImport(Library, EntryPoint = "bridge_generator_release")]
    internal static partial void GeneratorRelease(nint generator);

    [LibraryImport(Library, EntryPoint = "bridge_generator_seed")]
    internal static partial int GeneratorSeed(nint generator, ulong seed);

    [LibraryImport(Library, EntryPoint = "bridge_generator_initial_seed")]
    internal static partial int GeneratorInitialSeed(nint generator, out ulong seed);

    [LibraryImport(Library, EntryPoint = "bridge_generator_state")]
    internal static partial int GeneratorState(nint generator, out nint state);

    [LibraryImport(Library, EntryPoint = "bridge_generator_set_state")]
    internal static partial int GeneratorSetState(nint generator, nint state);

    [LibraryImport(Library, EntryPoint = "bridge_num_threads")]
    internal static partial int NumThreads();

    [LibraryImport(Library, EntryPoint = "bridge_set_num_threads")]
    internal static partial int SetNumThreads(int count);

    [LibraryImport(Library, EntryPoint = "bridge_num_interop_threads")]
    internal static partial int NumInteropThreads();

    [LibraryImport(Library, EntryPoint = "bridge_set_num_interop_threads")]
    internal static partial int SetNumInteropThreads(int count);

    [LibraryImport(Library, EntryPoint = "bridge_cuda_available")]
    internal static partial int CudaAvailable();

    [LibraryImport(Library, EntryPoint = "bridge_cudnn_available")]
    internal static partial int CudnnAvailable();

    [LibraryImport(Library, EntryPoint = "bridge_cuda_device_count")]
    internal static partial int CudaDeviceCount();

    [LibraryImport(Library, EntryPoint = "bridge_cuda_synchronize")]
    internal static partial int CudaSynchronize(long device);

    [LibraryImport(Library, EntryPoint = "bridge_cuda_manual_seed")]
    internal static partial int CudaManualSeed(ulong seed, int all);

    [LibraryImport(Library, EntryPoint = "bridge_matmul_tf32")]
    internal static partial int MatmulTf32();

    [LibraryImport(Library, EntryPoint = "bridge_set_matmul_tf32")]
    internal static partial int SetMatmulTf32(int allowed);

    [LibraryImport(Library, EntryPoint = "bridge_cudnn_tf32")]
    internal static partial int CudnnTf32();

    [LibraryImport(Library, EntryPoint = "bridge_set_cudnn_tf32")]
    internal static partial int SetCudnnTf32(int allowed);

    [LibraryImport(Library, EntryPoint = "bridge_default_dtype")]
    internal static partial int DefaultDtype();

    [LibraryImport(Library, EntryPoint = "bridge_set_default_dtype")]
    internal static partial int SetDefaultDtype(int dtype);

    [LibraryImport(Library, EntryPoint = "bridge_torch_version")]
    internal static partial byte* TorchVersion();
}
