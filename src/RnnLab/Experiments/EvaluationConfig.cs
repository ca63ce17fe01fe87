using RnnLab.Experiments.Configuration;
using RnnLab.Models;

namespace RnnLab.Experiments;

/// <summary>The <c>evaluation</c> section: what is measured and drawn while training.</summary>
/// <param name="Interval">Updates between two evaluations, beside the one at each epoch's end and the last; null for no others.</param>
/// <param name="BatchSize">Streams that the validation text is cut into; 1 is exact, more are faster.</param>
/// <param name="SampleLength">Characters of the sample drawn after an evaluation; 0 for none.</param>
/// <param name="Sampling">How it is drawn.</param>
public sealed record EvaluationConfig(int? Interval, int BatchSize, int SampleLength, Sampling Sampling)
{
    internal static EvaluationConfig Read(ConfigSection section) => new(
        section.OptionalInteger("interval", min: 1),
        section.Integer("batch_size", 50, min: 1, max: 1_000_000),
        section.Integer("sample_length", 500, min: 0, max: 1_000_000),
        new Sampling(section.Number("temperature", 1, min: 0), section.Integer("top_k", 0, min: 0)));

    internal ConfigTree ToTree() => new()
    {
        { "interval", Interval },
        { "batch_size", BatchSize },
        { "sample_length", SampleLength },
        { "temperature", Sampling.Temperature },
        { "top_k", Sampling.TopK },
    };
}
