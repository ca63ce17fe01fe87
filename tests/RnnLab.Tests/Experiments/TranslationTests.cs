using RnnLab.Analysis;
using RnnLab.Experiments;
using RnnLab.Experiments.Runs;
using RnnLab.Models;
using RnnLab.Models.Decoding;
using RnnLab.Tasks;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Experiments;

public sealed class TranslationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bahdanau")]
    [InlineData("luong_general, input_feeding: true")]
    public void Attention_is_that_of_the_very_answer_beside_lines_of_other_lengths(string attention)
    {
        using var saved = Saved(attention);
        var model = (EncoderDecoderModel)saved.Model;
        var translation = new Translation(saved, maxLength: 6);
        SourceLine[] lines = [.. new[] { "ab", "cabca", "b" }.Select(line => translation.Read(line, "test"))];
        foreach (var answer in translation.Of(lines, new SampledDecoding(new Sampling(), new(5, "sample")), withAttention: true))
        {
            using var scope = NewDisposeScope();
            var source = saved.Text!.Input.Encode(answer.Source, "test");
            using var start = model.Start(tensor(source, [source.Length, 1]), null);
            var (state, rows) = ((DecoderState)start, new List<Tensor>());
            foreach (var fed in answer.Said.Tokens.Prepend(Vocabulary.BeginIndex))
            {
                (_, state) = model.Step(tensor(new[] { fed }), state);
                rows.Add(((EncoderDecoderState)state).Attention!);
            }
            Same.Within(Difference.Autograd, cat(rows, 0), tensor(answer.Attention!.Cast<double>().ToArray(), [rows.Count, source.Length]));
        }
    }

    /// <summary>A run of one update, with weights large enough for answers and attention that differ.</summary>
    private SavedExampleModel Saved(string attention)
    {
        File.WriteAllText(_folder.File("x.yaml"), $$"""
            task: {name: reversal, symbols: 3, max_length: 5, validation_examples: 5}
            model: {name: encoder_decoder, cell: gru, hidden_size: 6, init: {range: 1}, attention: {{attention}}}
            training: {steps: 1, batch_size: 2}
            evaluation: {samples: 0}
            dtype: float64
            threads: 1
            """);
        using var run = TrainingRun.Start(ExperimentConfig.Load(_folder.File("x.yaml")), _folder.File("runs"));
        run.Train(new ProgressLine(TextWriter.Null, terminal: false, run.TotalSteps, 0), CancellationToken.None);
        return (SavedExampleModel)SavedRun.Open(run.Directory.Path);
    }
}
