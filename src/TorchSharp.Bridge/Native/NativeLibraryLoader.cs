using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>Finds the native bridge beside this assembly and says plainly when it cannot be loaded.</summary>
internal static partial class NativeLibraryLoader
{
    internal const string Name = "rnnlab_torch";

    [ModuleInitializer]
    internal static void Register() =>
        NativeLibrary.SetDllImportResolver(typeof(NativeLibraryLoader).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Name)
        {
            return 0;
        }
        LetIdleThreadsSleep();
        var folder = Path.GetDirectoryName(assembly.Location) is { Length: > 0 } beside ? beside : AppContext.BaseDirectory;
        var path = Path.Combine(folder, $"lib{Name}.so");
        if (!File.Exists(path))
        {
            throw new DllNotFoundException($"The native bridge '{path}' is missing: build TorchSharp.Bridge where libtorch's headers are.");
        }
        return NativeLibrary.Load(path);
    }

    // libgomp's idle threads otherwise spin on the cores that OpenBLAS's threads need. The runtime's own
    // Environment.SetEnvironmentVariable does not reach native getenv; a value that the user set is left alone.
    private static void LetIdleThreadsSleep()
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
        {
            _ = SetEnvironment("OMP_WAIT_POLICY", "passive", 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
