using System.CommandLine;
using System.Globalization;
using System.Text;
using RnnLab.Experiments;
using RnnLab.Experiments.Runs;
using RnnLab.Kernels;
using RnnLab.Models.Decoding;
using RnnLab.Plots;
using RnnLab.Randomness;
using RnnLab.Tasks;

namespace RnnLab.Cli;

/// <summary><c>rnnlab translate RUN [FILE] [--beam K] [--sample] [--scores] [--attention DIR]</c></summary>
internal static class TranslateCommand
{
    private const int BatchSize = 64;

    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "The folder of a run of an encoder_decoder." };
        var file = new Argument<string?>("FILE") { Description = "A text file, a sequence a line; standard input unless given.", Arity = ArgumentArity.ZeroOrOne };
        var beam = new Option<int>("--beam") { Description = "Search with a beam of K hypotheses; 1 takes the likeliest token at each step.", HelpName = "K", DefaultValueFactory = _ => 1 };
        var alpha = new Option<double>("--length-normalization") { Description = "Of a beam's scores: ln p / ((5 + length) / 6)^A (Wu et al. 2016); 0 for none.", HelpName = "A", DefaultValueFactory = _ => 0.6 };
        var sample = new Option<bool>("--sample") { Description = "Draw each token instead." };
        var temperature = new Option<double>("--temperature") { Description = "Of a draw.", HelpName = "T", DefaultValueFactory = _ => 1 };
        var topK = new Option<int>("--top-k") { Description = "Draw among the K likeliest tokens; 0 for all.", HelpName = "K", DefaultValueFactory = _ => 0 };
        var topP = new Option<double>("--top-p") { Description = "Draw among the fewest likeliest tokens whose probability reaches P; 1 for all.", HelpName = "P", DefaultValueFactory = _ => 1 };
        var seed = new Option<ulong>("--seed") { Description = "Of a draw.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var maxLength = new Option<int?>("--max-length") { Description = "The most tokens of an answer.", HelpName = "N" };
        var scores = new Option<bool>("--scores") { Description = "Write ln p of each answer and its score before it, tab-separated." };
        var attention = new Option<string?>("--attention") { Description = "Write each line's attention matrix into this folder as SVG.", HelpName = "DIR" };
        var command = new Command("translate", "Answer lines of text with a run's encoder-decoder.")
        {
            run, file, beam, alpha, sample, temperature, topK, topP, seed, maxLength, scores, attention, RunOptions.Checkpoint, RunOptions.Weights, RunOptions.Device,
        };
        Option[] draws = [temperature, topK, topP, seed];
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(beam) < 1)
                throw new UserException($"--beam {parsed.GetValue(beam)}: expected a positive integer");
            if (parsed.GetValue(alpha) is var a && (!double.IsFinite(a) || a < 0))
                throw new UserException($"--length-normalization {a}: expected a number of at least 0");
            if (parsed.GetValue(maxLength) is < 1)
                throw new UserException($"--max-length {parsed.GetValue(maxLength)}: expected a positive integer");
            var isDrawn = parsed.GetValue(sample);
            if (isDrawn && parsed.GetValue(beam) > 1)
                throw new UserException("--sample: a beam is searched, not drawn; expected either --sample or --beam");
            if (!isDrawn && Array.Find(draws, option => parsed.GetResult(option) is { Implicit: false }) is { } unused)
                throw new UserException($"{unused.Name}: only with --sample");
            var sampling = SamplingOptions.Of(parsed.GetValue(temperature), parsed.GetValue(topK), parsed.GetValue(topP));
            IDecoding Decoding(int batch) => isDrawn ? new SampledDecoding(sampling, new RandomStream(parsed.GetValue(seed), $"translate/{batch}"))
                : parsed.GetValue(beam) == 1 ? new GreedyDecoding() : new BeamSearch(parsed.GetValue(beam), a);
            using var saved = RunOptions.Open(parsed, parsed.GetValue(run)!);
            using var kernel = KernelChoice.Use(saved.Config.Kernel);
            var translation = new Translation(SavedRun.Require<SavedExampleModel>(saved, "translate answers lines of text"), parsed.GetValue(maxLength));
            if (parsed.GetValue(attention) is not null && !translation.HasAttention)
                throw new UserException("--attention: this run's model has none; expected a run with model.attention other than none");
            var answers = new Answers(parsed.GetValue(scores), parsed.GetValue(attention));
            foreach (var (number, batch) in Batches(translation, parsed.GetValue(file)).Index())
                foreach (var answer in translation.Of(batch, Decoding(number), parsed.GetValue(attention) is not null))
                    answers.Write(answer);
            return 0;
        });
        return command;
    }

    /// <summary>Lines side by side; those before one that cannot be read are a batch of their own, so that they are answered. Of a terminal each line is answered at once.</summary>
    private static IEnumerable<IReadOnlyList<SourceLine>> Batches(Translation translation, string? file)
    {
        var (name, size) = (file ?? "standard input", file is null && !Console.IsInputRedirected ? 1 : BatchSize);
        using var reader = file is null ? new StreamReader(Console.OpenStandardInput(), Encoding.UTF8) : Open(file);
        var batch = new List<SourceLine>();
        UserException? bad = null;
        for (var number = 1; bad is null && reader.ReadLine() is { } line; number++)
        {
            try
            {
                batch.Add(translation.Read(Valid(line, $"{name}:{number}"), $"{name}:{number}"));
            }
            catch (UserException exception)
            {
                bad = exception;
            }
            if (batch.Count < size && bad is null)
                continue;
            if (batch.Count > 0)
                yield return batch;
            batch = [];
        }
        if (batch.Count > 0)
            yield return batch;
        if (bad is not null)
            throw bad;
    }

    /// <exception cref="UserException">The line is not UTF-8: the reader has put replacement characters into it.</exception>
    private static string Valid(string line, string where)
        => line.Contains('\uFFFD', StringComparison.Ordinal) ? throw new UserException($"{where}: this is not UTF-8 text") : line;

    private static StreamReader Open(string file)
    {
        try
        {
            return new StreamReader(file, Encoding.UTF8);
        }
        catch (Exception exception) when (RunException.IsFileFailure(exception))
        {
            throw new UserException($"{file}: cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Writes answers to standard output, and their attention into a folder.</summary>
    private sealed class Answers
    {
        private readonly bool _scores;
        private readonly string? _folder;
        private int _number;

        public Answers(bool scores, string? folder)
        {
            (_scores, _folder) = (scores, folder);
            try
            {
                if (folder is not null)
                    Directory.CreateDirectory(folder);
            }
            catch (Exception exception) when (RunException.IsFileFailure(exception))
            {
                throw new UserException($"--attention {folder}: cannot be made: {exception.Message}", exception);
            }
        }

        public void Write(Translated answer)
        {
            _number++;
            Console.WriteLine(_scores ? string.Create(CultureInfo.InvariantCulture, $"{answer.Said.LogProbability:0.0000}\t{answer.Said.Score:0.0000}\t{answer.Line}") : answer.Line);
            if (_folder is not null)
                AtomicFile.WriteText(Path.Combine(_folder, $"line-{_number:d4}.svg"), AttentionChart.Of(answer.Source, [.. answer.Symbols, Vocabulary.End], answer.Attention!).ToSvg());
        }
    }
}
