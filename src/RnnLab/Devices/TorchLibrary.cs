namespace RnnLab.Devices;

/// <summary>Which TorchSharp and which libtorch the program runs on, for the record of a run.</summary>
public static class TorchLibrary
{
    /// <summary>bridge, cpu or cuda.</summary>
    public static string Backend => typeof(torch).Assembly.GetName().Name == "TorchSharp.Bridge" ? "bridge" : cuda.is_available() ? "cuda" : "cpu";

    /// <summary>The assembly that gives the API, and its version.</summary>
    public static string Version => $"{typeof(torch).Assembly.GetName().Name} {typeof(torch).Assembly.GetName().Version?.ToString(3)}, libtorch {torch.__version__}";
}
