using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>libtorch's exceptions as C# ones, of the type that TorchSharp throws.</summary>
internal static unsafe class NativeError
{
    private const int Thrown = -2;

    /// <summary>
    /// Returns <paramref name="status"/>; where it is negative, throws <see cref="ExternalException"/> with libtorch's message,
    /// or the exception of a C# callback that ended the call.
    /// </summary>
    internal static int Check(int status)
    {
        if (status < 0)
        {
            Throw(status);
        }
        return status;
    }

    private static void Throw(int status)
    {
        if (status == Thrown && GCHandle.FromIntPtr(NativeMethods.LastException()).Target is Exception exception)
        {
            NativeMethods.ForgetException();
            ExceptionDispatchInfo.Throw(exception);
        }
        throw new ExternalException(Marshal.PtrToStringUTF8((nint)NativeMethods.LastError()));
    }
}
