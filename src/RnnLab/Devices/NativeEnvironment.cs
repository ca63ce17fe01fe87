using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RnnLab.Devices;

/// <summary>
/// What must be set before libtorch is loaded. libgomp's threads spin between parallel regions by default and so fight OpenBLAS's for
/// the cores; OMP_WAIT_POLICY=passive lets them sleep. It is read once, natively, when libgomp loads: .NET's own
/// Environment.SetEnvironmentVariable does not reach it, libc's setenv does. A value that the user set is left alone.
/// </summary>
internal static partial class NativeEnvironment
{
    private const string WaitPolicy = "OMP_WAIT_POLICY";

    // A library initialiser on purpose: it has to run before the first call into libtorch, also for those who use the library alone.
    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255", Justification = "libtorch reads the environment when it loads, which may be the caller's first act")]
    internal static void Prepare()
    {
        if (OperatingSystem.IsWindows() || Environment.GetEnvironmentVariable(WaitPolicy) is not null)
            return;
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
            _ = SetEnv(WaitPolicy, "passive", 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnv(string name, string value, int overwrite);
}
