namespace RnnLab.Tasks;

/// <summary>What a run keeps of data that were read from files, in <c>task.json</c>.</summary>
/// <param name="Sha256">SHA-256 of each file by the option that names it, in hexadecimal: a resumed run refuses others.</param>
/// <param name="Vocabularies">Symbols by the vocabulary's name (input, target), in the order of their tokens.</param>
/// <param name="Numbers">What was fitted on the training part, by name: means and scales of columns.</param>
/// <param name="Skipped">Malformed lines that were skipped.</param>
public sealed record TaskRecord(
    IReadOnlyDictionary<string, string> Sha256, IReadOnlyDictionary<string, IReadOnlyList<string>> Vocabularies, IReadOnlyDictionary<string, double[]> Numbers, long Skipped = 0)
{
    /// <summary>The form of the task's examples, which a model is built for.</summary>
    public TaskShape? Shape { get; init; }
}
