using System.Security.Cryptography;
using RnnLab.Training.Safetensors;

namespace RnnLab.Experiments.Runs;

/// <summary>
/// The checkpoints of a run: <c>last.json</c> and <c>best.json</c>, and the safetensors files that they name. Tensors are written first,
/// each file whole, then the JSON that points to them, then what no JSON points to is deleted; so at any moment both checkpoints are whole.
/// </summary>
public sealed class CheckpointStore(RunDirectory run)
{
    /// <summary>What resuming starts from.</summary>
    public const string Last = "last";

    /// <summary>The lowest validation loss.</summary>
    public const string Best = "best";

    /// <summary>The JSON file of a checkpoint.</summary>
    public string PathOf(string name) => Path.Combine(run.CheckpointsPath, $"{name}.json");

    /// <summary>Whether there is a checkpoint of that name.</summary>
    public bool Has(string name) => File.Exists(PathOf(name));

    /// <summary>Writes the last checkpoint, and the best where this one is.</summary>
    /// <param name="record">The numbers; its files are filled in.</param>
    /// <param name="model">The model's tensors by name.</param>
    /// <param name="state">The trainer's tensors by name.</param>
    /// <param name="isBest">Whether its validation loss is the lowest so far.</param>
    /// <exception cref="RunException">A file cannot be written; the checkpoints that were there stay.</exception>
    public void Save(CheckpointRecord record, IEnumerable<(string Name, Tensor Tensor)> model, IReadOnlyDictionary<string, Tensor> state, bool isBest)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(state);
        var step = record.Trainer.Step;
        var modelFile = Write($"model-{step:d8}", [.. model.Select(p => SafetensorsTensors.ToEntry(p.Name, p.Tensor))]);
        var stateFile = Write($"state-{step:d8}", [.. state.Select(p => SafetensorsTensors.ToEntry(p.Key, p.Value))]);
        if (isBest)
            AtomicFile.WriteText(PathOf(Best), (record with { Model = modelFile, State = null }).ToJson());
        AtomicFile.WriteText(PathOf(Last), (record with { Model = modelFile, State = stateFile }).ToJson());
        Prune();
    }

    /// <summary>Reads a checkpoint's numbers.</summary>
    /// <exception cref="RunException">It is missing or damaged.</exception>
    public CheckpointRecord Read(string name)
        => Has(name) ? CheckpointRecord.Read(PathOf(name)) : throw new RunException($"{run.Path}: this run has no {name} checkpoint yet");

    /// <summary>Reads the tensors of a file, made in the caller's dispose scope.</summary>
    /// <exception cref="RunException">The file is missing, or not the one that was written.</exception>
    public IReadOnlyDictionary<string, Tensor> Tensors(TensorFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var path = Path.Combine(run.CheckpointsPath, file.File);
        try
        {
            if (Sha256(path) != file.Sha256)
                throw new RunException($"{path}: this checkpoint is damaged: its SHA-256 is not the one recorded when it was written");
            return SafetensorsFile.Read(path).Entries.ToDictionary(e => e.Name, SafetensorsTensors.ToTensor);
        }
        catch (Exception exception) when (RunException.IsFileFailure(exception))
        {
            throw RunException.Of(path, "cannot be read", exception);
        }
    }

    /// <summary>Copies a checkpoint's tensors into a model's parameters.</summary>
    /// <param name="record">The checkpoint.</param>
    /// <param name="cell">The config's name of the model's cell.</param>
    /// <param name="parameters">The model's parameters.</param>
    /// <exception cref="RunException">The cell, a name or a shape is not the model's: the checkpoint belongs to another model.</exception>
    public void Load(CheckpointRecord record, string cell, IReadOnlyCollection<(string Name, Parameter Parameter)> parameters)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(parameters);
        var file = record.Model;
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var tensors = Tensors(file);
        var path = Path.Combine(run.CheckpointsPath, file.File);
        // Some cells have the same parameters.
        if ((record.Cell ?? cell) != cell)
            throw new RunException($"{path}: this checkpoint belongs to another model: its cell is {record.Cell}, the config's is {cell}");
        foreach (var (name, parameter) in parameters)
        {
            if (!tensors.TryGetValue(name, out var tensor))
                throw new RunException($"{path}: this checkpoint belongs to another model: it has no {name}");
            if (!tensor.shape.SequenceEqual(parameter.shape) || tensor.dtype != parameter.dtype)
                throw new RunException(
                    $"{path}: this checkpoint belongs to another model: {name} is {tensor.dtype} ({string.Join(", ", tensor.shape)}), expected {parameter.dtype} ({string.Join(", ", parameter.shape)})");
            parameter.copy_(tensor);
        }
        if (tensors.Keys.Except(parameters.Select(p => p.Name)).FirstOrDefault() is { } extra)
            throw new RunException($"{path}: this checkpoint belongs to another model: it has a {extra}");
    }

    /// <summary>A file's name ends with its hash: what one attempt wrote is never replaced by something else of a later one.</summary>
    private TensorFile Write(string name, IReadOnlyList<SafetensorsEntry> entries)
    {
        using var sha = SHA256.Create();
        using (var hashed = new CryptoStream(Stream.Null, sha, CryptoStreamMode.Write))
            SafetensorsFile.Write(hashed, entries);
        var hash = Convert.ToHexStringLower(sha.Hash!);
        var file = $"{name}-{hash[..8]}.safetensors";
        AtomicFile.Write(Path.Combine(run.CheckpointsPath, file), stream => SafetensorsFile.Write(stream, entries));
        return new(file, hash);
    }

    private void Prune()
    {
        var kept = new[] { Last, Best }.Where(Has).Select(Read).SelectMany(r => new[] { r.Model, r.State }).OfType<TensorFile>().Select(f => f.File).ToHashSet();
        // A killed process may have left a temporary file, under a name that is not written again.
        foreach (var file in Directory.EnumerateFiles(run.CheckpointsPath).Where(f => Path.GetExtension(f) is ".safetensors" or ".tmp"))
            if (!kept.Contains(Path.GetFileName(file)))
                File.Delete(file);
    }

    private static string Sha256(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
