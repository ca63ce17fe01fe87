using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace RnnLab.Experiments.Runs;

/// <summary>
/// The folder of one run, <c>{root}/{name}/{id}</c>, where id is the UTC time of its creation and four hexadecimal digits:
/// <code>
/// config.yaml          the resolved configuration
/// environment.json     versions, backend, device, threads, commit
/// metrics.{n}.jsonl    the metrics of attempt n, append only
/// metrics.jsonl        all metrics, written when the run completes
/// checkpoints/         what a resumed attempt starts from
/// samples/             texts drawn from the model
/// {name}.json          further records
/// report.html          the curves and the figures
/// lock                 held open by the process that writes the run
/// </code>
/// </summary>
public sealed partial class RunDirectory
{
    private const int WouldBlockLinux = 11;
    private const int WouldBlockMac = 35;
    private const int SharingViolationWindows = unchecked((int)0x80070020);

    private RunDirectory(string path)
    {
        Path = path;
    }

    /// <summary>The folder, as an absolute path.</summary>
    public string Path { get; }

    /// <summary>The run's id, which is the folder's own name.</summary>
    public string Id => System.IO.Path.GetFileName(Path);

    /// <summary>The experiment's name, which is the name of the folder above.</summary>
    public string Name => System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(Path)) ?? "";

    /// <summary>The resolved configuration.</summary>
    public string ConfigPath => Within("config.yaml");

    /// <summary>The record of the machine and the versions.</summary>
    public string EnvironmentPath => Within("environment.json");

    /// <summary>The merged metrics of a run that is complete.</summary>
    public string MetricsPath => Within("metrics.jsonl");

    /// <summary>The report.</summary>
    public string ReportPath => Within("report.html");

    /// <summary>The folder of the checkpoints.</summary>
    public string CheckpointsPath => Within("checkpoints");

    /// <summary>The folder of the samples.</summary>
    public string SamplesPath => Within("samples");

    /// <summary>The metrics of one attempt, counted from 1.</summary>
    public string AttemptMetricsPath(int attempt) => Within(string.Create(CultureInfo.InvariantCulture, $"metrics.{attempt}.jsonl"));

    /// <summary>A further record of the run, <c>{name}.json</c>.</summary>
    public string RecordPath(string name) => Within($"{name}.json");

    /// <summary>The attempts that have written metrics, in ascending order.</summary>
    /// <exception cref="RunException">The folder cannot be read.</exception>
    public IReadOnlyList<int> Attempts()
    {
        try
        {
            return [.. Directory.EnumerateFiles(Path, "metrics.*.jsonl")
                .Select(file => AttemptPattern().Match(System.IO.Path.GetFileName(file)))
                .Where(match => match.Success)
                .Select(match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
                .Order()];
        }
        catch (Exception exception) when (RunException.IsFileFailure(exception))
        {
            throw RunException.Of(Path, "cannot be read", exception);
        }
    }

    /// <summary>The number that the next attempt takes: 1 in a new run.</summary>
    public int NextAttempt() => Attempts() is [.., var last] ? last + 1 : 1;

    /// <summary>
    /// Makes a new run's folder, with its checkpoints and samples folders. Two processes that start in the same second get different
    /// ones.
    /// </summary>
    /// <exception cref="RunException">The name is no folder name, or the folder cannot be made.</exception>
    public static RunDirectory Create(string root, string name) =>
        Create(root, name, TimeProvider.System, () => RandomNumberGenerator.GetInt32(1 << 16));

    internal static RunDirectory Create(string root, string name, TimeProvider clock, Func<int> suffix)
    {
        if (root.Length == 0)
        {
            throw new RunException("the folder of the runs has an empty name");
        }
        if (!IsName(name))
        {
            throw new RunException($"\"{name}\" cannot name a run: expected letters, digits, '-', '_' and '.', starting with a letter or digit");
        }
        var folder = System.IO.Path.Combine(System.IO.Path.GetFullPath(root), name);
        try
        {
            var run = Claim(folder, clock, suffix);
            Directory.CreateDirectory(run.CheckpointsPath);
            Directory.CreateDirectory(run.SamplesPath);
            return run;
        }
        catch (Exception exception) when (RunException.IsFileFailure(exception))
        {
            throw RunException.Of(folder, "cannot make a run here", exception);
        }
    }

    /// <summary>Whether a text can name a run: letters, digits, '-', '_' and '.', starting with a letter or digit.</summary>
    public static bool IsName(string name) => NamePattern().IsMatch(name);

    /// <summary>Removes a run that could not be started; a failure to do so is not reported, since another one is.</summary>
    internal void Discard()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception exception) when (RunException.IsFileFailure(exception))
        {
            // What made the start fail is the one to report.
        }
    }

    /// <summary>Makes the run ready for an attempt: its folders are there, and nothing says that it is complete.</summary>
    /// <exception cref="RunException">The folder cannot be written.</exception>
    internal void Reopen()
    {
        try
        {
            Directory.CreateDirectory(CheckpointsPath);
            Directory.CreateDirectory(SamplesPath);
            File.Delete(MetricsPath);
        }
        catch (Exception exception) when (RunException.IsFileFailure(exception))
        {
            throw RunException.Of(Path, "cannot be written", exception);
        }
    }

    /// <summary>Opens the folder of a run that exists: one that holds a config.yaml.</summary>
    /// <exception cref="RunException">The folder is missing or holds no run; where it holds runs of that name, the newest is
    /// suggested.</exception>
    public static RunDirectory Open(string path)
    {
        if (!Directory.Exists(path))
        {
            throw new RunException(File.Exists(path) ? $"{path}: this is a file; expected the folder of a run" : $"{path}: no such run");
        }
        var run = new RunDirectory(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path)));
        if (File.Exists(run.ConfigPath))
        {
            return run;
        }
        try
        {
            var newest = Directory.EnumerateDirectories(path)
                .Where(inner => File.Exists(System.IO.Path.Combine(inner, "config.yaml")))
                .Max(StringComparer.Ordinal);
            throw new RunException(newest is null
                ? $"{path}: this is no run: it has no config.yaml"
                : $"{path}: this is not one run but holds several; the newest is {newest}");
        }
        catch (Exception exception) when (RunException.IsFileFailure(exception))
        {
            throw RunException.Of(path, "cannot be read", exception);
        }
    }

    /// <summary>
    /// Takes the right to write this run, until the returned handle is disposed or the process ends, however it ends.
    /// </summary>
    /// <exception cref="RunException">Another process holds it, or the lock file cannot be opened.</exception>
    public IDisposable Lock()
    {
        try
        {
            return new FileStream(Within("lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception.HResult is WouldBlockLinux or WouldBlockMac or SharingViolationWindows)
        {
            throw new RunException($"{Path}: another process is writing this run", exception);
        }
        catch (Exception exception) when (RunException.IsFileFailure(exception))
        {
            throw RunException.Of(Path, "cannot be locked", exception);
        }
    }

    // Making a folder succeeds also where it exists; making the lock file in it succeeds for one process only.
    private static RunDirectory Claim(string folder, TimeProvider clock, Func<int> suffix)
    {
        for (var attempt = 1; ; attempt++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{clock.GetUtcNow():yyyyMMdd-HHmmss}-{suffix():x4}");
            var run = new RunDirectory(System.IO.Path.Combine(folder, id));
            Directory.CreateDirectory(run.Path);
            try
            {
                new FileStream(run.Within("lock"), FileMode.CreateNew).Dispose();
                return run;
            }
            catch (IOException) when (attempt < 100 && File.Exists(run.Within("lock")))
            {
                // Taken in this very second; the next suffix will differ.
            }
        }
    }

    private string Within(string name) => System.IO.Path.Combine(Path, name);

    [GeneratedRegex(@"^metrics\.([1-9][0-9]{0,8})\.jsonl\z", RegexOptions.CultureInvariant)]
    private static partial Regex AttemptPattern();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
