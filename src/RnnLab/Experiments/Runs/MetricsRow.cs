using System.Text.Json;
using System.Text.Json.Serialization;

namespace RnnLab.Experiments.Runs;

/// <summary>
/// One line of a run's metrics. All numbers are finite; losses are in nats (natural logarithm) per predicted item.
/// </summary>
/// <param name="Step">The number of optimiser steps done, from 1.</param>
/// <param name="Epoch">The part of the training data seen so far, in passes.</param>
/// <param name="TrainLoss">The mean training loss of the steps since the row before.</param>
/// <param name="ValLoss">The validation loss, where it was measured at this step.</param>
/// <param name="LearningRate">The learning rate of this step.</param>
/// <param name="GradNorm">The global norm of this step's gradient before clipping.</param>
/// <param name="Throughput">Characters (or other predicted items) a second.</param>
/// <param name="Time">Seconds since the attempt started.</param>
public sealed record MetricsRow(
    [property: JsonRequired] long Step,
    [property: JsonRequired] double Epoch,
    [property: JsonRequired] double TrainLoss,
    double? ValLoss,
    [property: JsonRequired] double LearningRate,
    [property: JsonRequired] double GradNorm,
    [property: JsonRequired] double Throughput,
    [property: JsonRequired] double Time)
{
    /// <summary>The probability that this step was fed the truth; null where no schedule was given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Forcing { get; init; }

    /// <summary>What was measured at this step beside the loss, by name; null where nothing was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? Measures { get; init; }

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Whether two rows agree in everything that a repeated run must repeat bit for bit: all but throughput and time.</summary>
    public bool EqualsExceptTimes(MetricsRow other)
        => Bare(this) == Bare(other) && Sorted(this).SequenceEqual(Sorted(other));

    /// <summary>The row as one line of JSON, without a line end; numbers in their shortest exact form.</summary>
    /// <exception cref="ArgumentException">A number is NaN or infinite, which JSON cannot hold.</exception>
    internal string ToJson()
    {
        foreach (var (name, value) in Numbers())
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException($"{name} is {value} at step {Step}; a metrics row holds finite numbers only");
            }
        }
        return JsonSerializer.Serialize(this, Format);
    }

    /// <summary>The row that a line of JSON holds; null where the line is anything else.</summary>
    internal static MetricsRow? FromJson(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<MetricsRow>(line, Format);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // A dictionary's equality is that of the object.
    private static MetricsRow Bare(MetricsRow row) => row with { Throughput = 0, Time = 0, Measures = null };

    private static IEnumerable<KeyValuePair<string, double>> Sorted(MetricsRow row) => (row.Measures ?? new Dictionary<string, double>()).OrderBy(p => p.Key, StringComparer.Ordinal);

    private IEnumerable<(string Name, double Value)> Numbers() =>
    [
        .. (Measures ?? new Dictionary<string, double>()).Select(p => (p.Key, p.Value)), ("forcing", Forcing ?? 0),
        ("epoch", Epoch), ("train_loss", TrainLoss), ("val_loss", ValLoss ?? 0), ("learning_rate", LearningRate),
        ("grad_norm", GradNorm), ("throughput", Throughput), ("time", Time),
    ];
}
