using RnnLab.Experiments.Configuration;
using RnnLab.Models;

namespace RnnLab.Experiments;

/// <summary>The <c>evaluation</c> section: what is measured and drawn while training.</summary>
/// <param name="Interval">Updates between two evaluations, beside the one at each epoch's end and the last; null for no others.</param>
/// <param name="BatchSize">Streams that a validation text is cut into, where 1 is exact and more are faster; or examples side by side.</param>
/// <param name="SampleLength">For a text: characters of the sample drawn after an evaluation; 0 for none.</param>
/// <param name="Sampling">For a text: how it is drawn.</param>
/// <param name="Samples">For examples: how many answers are written down after an evaluation.</param>
/// <param name="FreeRunning">Steps that a model goes on by itself to measure exposure bias: tokens of a text, or the horizon of a series; 0 for no such measure.</param>
/// <param name="WarmUp">True steps before that.</param>
public sealed record EvaluationConfig(int? Interval, int BatchSize, int SampleLength, Sampling Sampling, int Samples, int FreeRunning, int WarmUp)
{
    internal static EvaluationConfig Read(ConfigSection section, TaskConfig task)
    {
        var isText = task is TextTaskConfig;
        return new(
            section.OptionalInteger("interval", min: 1),
            section.Integer("batch_size", isText ? 50 : 256, min: 1, max: 1_000_000),
            isText ? section.Integer("sample_length", 500, min: 0, max: 1_000_000) : 0,
            isText ? new Sampling(section.Number("temperature", 1, min: 0), section.Integer("top_k", 0, min: 0), section.Number("top_p", 1, above: 0, max: 1)) : new Sampling(),
            isText ? 0 : section.Integer("samples", 10, min: 0, max: 10_000),
            section.Integer("free_running", 0, min: 0, max: 100_000),
            section.Integer("warm_up", 50, min: 1, max: 1_000_000));
    }

    internal ConfigTree ToTree(TaskConfig task)
    {
        var tree = new ConfigTree { { "interval", Interval }, { "batch_size", BatchSize } };
        if (task is TextTaskConfig)
        {
            tree.Add("sample_length", SampleLength);
            tree.Add("temperature", Sampling.Temperature);
            tree.Add("top_k", Sampling.TopK);
            tree.Add("top_p", Sampling.TopP);
        }
        else
        {
            tree.Add("samples", Samples);
        }
        tree.Add("free_running", FreeRunning);
        tree.Add("warm_up", WarmUp);
        return tree;
    }
}
