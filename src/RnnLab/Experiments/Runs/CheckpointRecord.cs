using System.Text.Json;
using System.Text.Json.Serialization;
using RnnLab.Training;

namespace RnnLab.Experiments.Runs;

/// <summary>
/// What a checkpoint holds beside tensors: the file <c>last.json</c> or <c>best.json</c>, which names the tensors' files. It is written
/// last, so that a checkpoint is either whole or not there.
/// </summary>
/// <param name="Trainer">The trainer's counters.</param>
/// <param name="LossSum">Sum of the losses since the latest row of the metrics.</param>
/// <param name="LossCount">How many they are.</param>
/// <param name="BestValLoss">The lowest validation loss so far, or null.</param>
/// <param name="BestStep">The step it was measured at.</param>
/// <param name="Model">The file of the model's tensors, with PyTorch's names.</param>
/// <param name="State">The file of the optimiser's and the open window's tensors; null in best.json.</param>
public sealed record CheckpointRecord(
    [property: JsonRequired] TrainerCounters Trainer,
    double LossSum,
    int LossCount,
    double? BestValLoss,
    long BestStep,
    [property: JsonRequired] TensorFile Model,
    TensorFile? State)
{
    private const string Format = "rnnlab-checkpoint-1";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        WriteIndented = true,
    };

    /// <summary>Marks the file as one of these.</summary>
    [JsonInclude, JsonRequired, JsonPropertyName("format")]
    internal string FormatName { get; init; } = Format;

    /// <summary>The config's name of the model's cell; null in a checkpoint that is older than the choice between cells with the same parameters.</summary>
    public string? Cell { get; init; }

    internal string ToJson() => JsonSerializer.Serialize(this, Options) + "\n";

    /// <exception cref="RunException">The file is missing, damaged or of another format.</exception>
    internal static CheckpointRecord Read(string path)
    {
        try
        {
            var record = JsonSerializer.Deserialize<CheckpointRecord>(File.ReadAllText(path), Options);
            if (record?.FormatName != Format)
                throw new RunException($"{path}: this is no checkpoint of this version of RnnLab");
            return record is { Trainer: { Step: >= 0, OptimizerSteps: >= 0, NextTimeStep: >= 0 }, LossCount: >= 0 }
                ? record
                : throw new RunException($"{path}: this checkpoint is damaged: a count in it is negative");
        }
        catch (JsonException exception)
        {
            throw new RunException($"{path}: this checkpoint is damaged: it is not the JSON that was written", exception);
        }
        catch (Exception exception) when (RunException.IsFileFailure(exception))
        {
            throw RunException.Of(path, "cannot be read", exception);
        }
    }
}

/// <summary>A safetensors file of a checkpoint.</summary>
/// <param name="File">Its name in the checkpoints folder.</param>
/// <param name="Sha256">SHA-256 of its bytes, in hexadecimal.</param>
public sealed record TensorFile([property: JsonRequired] string File, [property: JsonRequired] string Sha256);
