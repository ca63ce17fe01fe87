using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RnnLab.Experiments.Runs;

/// <summary>Where and with what a run was made.</summary>
/// <param name="RnnLab">The toolkit's version.</param>
/// <param name="Dotnet">The .NET runtime.</param>
/// <param name="Os">The operating system and the processor's architecture.</param>
/// <param name="Cpu">The processor's name.</param>
/// <param name="Cores">The logical processors that the process may use.</param>
/// <param name="Backend">Which TorchSharp: bridge, cpu or cuda.</param>
/// <param name="Libtorch">libtorch's version.</param>
/// <param name="Device">The device of the tensors: cpu, cuda or cuda:1.</param>
/// <param name="Threads">The threads of an operator on the CPU.</param>
/// <param name="GitCommit">The commit of the checkout that the program was built in; null outside one.</param>
/// <param name="GitDirty">Whether that checkout had uncommitted changes; null outside one.</param>
/// <param name="Date">When the record was made.</param>
public sealed record EnvironmentRecord(
    [property: JsonPropertyName("rnnlab")] string RnnLab,
    string Dotnet,
    string Os,
    string Cpu,
    int Cores,
    string Backend,
    string Libtorch,
    string Device,
    int Threads,
    string? GitCommit,
    bool? GitDirty,
    DateTimeOffset Date)
{
    /// <summary>Whether float32 products were allowed to use TF32; null on the CPU.</summary>
    public bool? AllowTf32 { get; init; }

    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>
    /// The record of this process, now. What concerns libtorch is passed in; git is asked about <paramref name="folder"/>, by default the
    /// working directory.
    /// </summary>
    public static EnvironmentRecord Capture(string backend, string libtorch, string device, int threads, string? folder = null)
    {
        var (commit, dirty) = GitState.Of(folder ?? Directory.GetCurrentDirectory());
        return new EnvironmentRecord(
            Version(), RuntimeInformation.FrameworkDescription, $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}".Trim(),
            CpuName(), Environment.ProcessorCount, backend, libtorch, device, threads, commit, dirty, DateTimeOffset.UtcNow);
    }

    /// <summary>What of this record and a later one keeps metrics from being bit for bit the same, such as "threads 2, now 4"; null where nothing does.</summary>
    public string? Difference(EnvironmentRecord later)
    {
        (string What, object Was, object Is)[] parts =
        [
            ("processor", Cpu, later.Cpu), ("backend", Backend, later.Backend), ("libtorch", Libtorch, later.Libtorch),
            ("device", Device, later.Device), ("threads", Threads, later.Threads),
            ("allow_tf32", AllowTf32 ?? false, later.AllowTf32 ?? false),
        ];
        var changed = parts.Where(part => !part.Was.Equals(part.Is)).Select(part => $"{part.What} {part.Was}, now {part.Is}").ToArray();
        return changed.Length == 0 ? null : string.Join("; ", changed);
    }

    /// <summary>Writes the record as JSON.</summary>
    /// <exception cref="RunException">The file cannot be written.</exception>
    public void Write(string path) => AtomicFile.WriteText(path, JsonSerializer.Serialize(this, Format) + "\n");

    /// <summary>Reads a record back.</summary>
    /// <exception cref="RunException">The file cannot be read or is no such record.</exception>
    public static EnvironmentRecord Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<EnvironmentRecord>(File.ReadAllText(path), Format) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new RunException($"{path}: this is no environment record", exception);
        }
        catch (Exception exception) when (RunException.IsFileFailure(exception))
        {
            throw RunException.Of(path, "cannot be read", exception);
        }
    }

    // The informational version ends in +commit where the build knew one.
    private static string Version() =>
        typeof(EnvironmentRecord).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? "unknown";

    private static string CpuName()
    {
        const string Unknown = "unknown";
        if (OperatingSystem.IsWindows())
        {
            return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? Unknown;
        }
        if (OperatingSystem.IsMacOS())
        {
            return CommandOutput.Of("sysctl", ["-n", "machdep.cpu.brand_string"])?.Trim() ?? Unknown;
        }
        try
        {
            var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
            return line?.Split(':', 2)[1].Trim() ?? Unknown;
        }
        catch (Exception exception) when (RunException.IsFileFailure(exception))
        {
            return Unknown;
        }
    }
}
