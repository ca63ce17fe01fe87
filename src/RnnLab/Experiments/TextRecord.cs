using System.Text.Json;
using RnnLab.Experiments.Runs;
using RnnLab.Tasks;

namespace RnnLab.Experiments;

/// <summary>What a run keeps of its text, in <c>text.json</c>: enough to go on with the same text or to refuse another.</summary>
/// <param name="Source">The file or folder.</param>
/// <param name="Files">How many files it was put together from.</param>
/// <param name="Characters">Its length in characters.</param>
/// <param name="Sha256">SHA-256 of its UTF-8 form.</param>
/// <param name="BigramLoss">The bigram count model's cross-entropy on the validation part, in nats.</param>
/// <param name="Vocabulary">Its distinct symbols, in the order of their tokens.</param>
public sealed record TextRecord(string Source, int Files, int Characters, string Sha256, double BigramLoss, IReadOnlyList<string> Vocabulary)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>SHA-256 of the text that was validated on, where it was one of its own.</summary>
    public string? ValidationSha256 { get; init; }

    /// <summary>The record of a task.</summary>
    public static TextRecord Of(TextTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var bigram = new BigramModel(task.Training, task.Vocabulary.Size).CrossEntropy(task.Validation);
        return new(Path.GetFullPath(task.Corpus.Source), task.Corpus.Files, task.Corpus.Characters.Length, task.Corpus.Sha256, bigram, task.Vocabulary.Symbols)
        {
            ValidationSha256 = task.ValidationCorpus?.Sha256,
        };
    }

    /// <summary>Keeps the text itself where it was put together from a folder, which may change.</summary>
    /// <exception cref="RunException">The file cannot be written.</exception>
    public static void KeepText(RunDirectory run, TextTask task)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(task);
        if (Directory.Exists(task.Corpus.Source))
            AtomicFile.WriteText(CopyPath(run), task.Corpus.Text());
    }

    /// <summary>Writes the record.</summary>
    /// <exception cref="RunException">The file cannot be written.</exception>
    public void Write(RunDirectory run)
    {
        ArgumentNullException.ThrowIfNull(run);
        AtomicFile.WriteText(run.RecordPath("text"), JsonSerializer.Serialize(this, Options) + "\n");
    }

    /// <summary>Reads a run's record.</summary>
    /// <exception cref="RunException">It is missing or damaged.</exception>
    public static TextRecord Read(RunDirectory run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var path = run.RecordPath("text");
        try
        {
            return JsonSerializer.Deserialize<TextRecord>(File.ReadAllText(path), Options) is { Vocabulary: not null } record
                ? record
                : throw new JsonException("no vocabulary");
        }
        catch (JsonException exception)
        {
            throw new RunException($"{path}: this record is damaged", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"{path}: cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>The run's own text again.</summary>
    /// <param name="run">The run.</param>
    /// <param name="movedTo">Where the text is now, if it is not where it was.</param>
    /// <exception cref="UserException">It is gone, or has changed since the run began.</exception>
    public TextCorpus Load(RunDirectory run, string? movedTo = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        var corpus = TextCorpus.Load(File.Exists(CopyPath(run)) ? CopyPath(run) : movedTo ?? Source);
        return corpus.Sha256 == Sha256
            ? corpus
            : throw new UserException($"{corpus.Source}: the text has changed since the run {run.Id} began; start a new run");
    }

    /// <summary>Requires a text to be the one that the run was validated on.</summary>
    /// <exception cref="UserException">It has changed since the run began.</exception>
    public void RequireValidation(TextCorpus? validation, RunDirectory run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (validation?.Sha256 != ValidationSha256)
            throw new UserException($"{validation?.Source ?? "validation_text"}: the text has changed since the run {run.Id} began; start a new run");
    }

    private static string CopyPath(RunDirectory run) => Path.Combine(run.Path, "text.txt");

    /// <summary>What a run's report shows beside its metrics.</summary>
    /// <param name="model">A line on the model and the text.</param>
    /// <param name="unit">What a token is.</param>
    /// <param name="bestLoss">The best validation loss so far, in nats, or null.</param>
    internal ReportExtras ReportExtras(string model, double? bestLoss, string unit)
    {
        static string Bits(double nats) => $"{nats / Math.Log(2):0.000}";
        var best = bestLoss is { } loss
            ? [($"best bits a {unit}", $"{Bits(loss)} (bigram model {Bits(BigramLoss)})"), ("best perplexity", $"{Math.Exp(loss):0.00}")]
            : Array.Empty<(string, string)>();
        return new() { Figures = [("model and text", model), .. best], References = [("bigram model", BigramLoss)] };
    }
}
