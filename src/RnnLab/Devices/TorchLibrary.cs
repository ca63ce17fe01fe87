using System.Diagnostics;

namespace RnnLab.Devices;

/// <summary>Which TorchSharp and which libtorch the program runs on, for the record of a run.</summary>
public static class TorchLibrary
{
    /// <summary>bridge, cpu or cuda.</summary>
    public static string Backend => typeof(torch).Assembly.GetName().Name == "TorchSharp.Bridge" ? "bridge" : cuda.is_available() ? "cuda" : "cpu";

    /// <summary>libtorch's version, and the file that it was loaded from.</summary>
    public static string Description
    {
        get
        {
            var modules = Process.GetCurrentProcess().Modules.Cast<ProcessModule>();
            var file = modules.FirstOrDefault(m => m.ModuleName.Contains("torch_cpu", StringComparison.Ordinal))?.FileName;
            return $"{torch.__version__}{(file is null ? "" : $", {file}")}";
        }
    }
}
