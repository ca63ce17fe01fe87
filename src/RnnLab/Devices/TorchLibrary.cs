using System.Diagnostics;

namespace RnnLab.Devices;

/// <summary>Which TorchSharp and which libtorch the program runs on, for the record of a run.</summary>
public static class TorchLibrary
{
    /// <summary>bridge, cpu or cuda.</summary>
    public static string Backend => typeof(torch).Assembly.GetName().Name == "TorchSharp.Bridge" ? "bridge" : cuda.is_available() ? "cuda" : "cpu";

    /// <summary>The assembly that gives the API, its version, and the file of the libtorch that it has loaded (its name tells the version on most systems).</summary>
    public static string Description
    {
        get
        {
            var assembly = typeof(torch).Assembly.GetName();
            var modules = Process.GetCurrentProcess().Modules.Cast<ProcessModule>();
            var libtorch = modules.FirstOrDefault(m => m.ModuleName.Contains("torch_cpu", StringComparison.Ordinal))?.FileName;
            return $"{assembly.Name} {assembly.Version?.ToString(3)}{(libtorch is null ? "" : $" over {libtorch}")}";
        }
    }
}
