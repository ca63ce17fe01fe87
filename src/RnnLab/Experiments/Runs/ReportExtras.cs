using RnnLab.Plots;

namespace RnnLab.Experiments.Runs;

/// <summary>What a report shows beyond the run's own files.</summary>
public sealed record ReportExtras
{
    /// <summary>The heading; the run's name and id where null.</summary>
    public string? Title { get; init; }

    /// <summary>Final figures, such as bits a character, put before those that come from the metrics.</summary>
    public IReadOnlyList<(string Name, string Value)> Figures { get; init; } = [];

    /// <summary>Losses to compare with, drawn as dashed lines: a bigram model's, for instance.</summary>
    public IReadOnlyList<(string Label, double Loss)> References { get; init; } = [];

    /// <summary>Further charts.</summary>
    public IReadOnlyList<Chart> Charts { get; init; } = [];

    /// <summary>What losses are measured in.</summary>
    public string LossUnit { get; init; } = "nats";

    /// <summary>What throughput counts.</summary>
    public string ThroughputUnit { get; init; } = "characters/s";
}
