using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>libtorch's exceptions as C# ones, of the type that TorchSharp throws.</summary>
internal static unsafe class NativeError
{
    /// <summary>
    /// Returns <paramref name="status"/>; where it is negative, throws <see cref="ExternalException"/> with libtorch's message.
    /// </summary>
    internal static int Check(int status)
    {
        if (status < 0)
        {
            Throw();
        }
        return status;
    }

    private static void Throw() =>
        throw new ExternalException(Marshal.PtrToStringUTF8((nint)NativeMethods.LastError()));
}
