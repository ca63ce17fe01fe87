using System.CommandLine;
using System.Globalization;
using System.Text;
using RnnLab.Experiments;
using RnnLab.Experiments.Runs;
using RnnLab.Kernels;
using RnnLab.Models;
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
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(beam) < 1)
                throw new UserException($"--beam {parsed.GetValue(beam)}: expected a positive integer");
            if (parsed.GetValue(alpha) is var a && (!double.IsFinite(a) || a < 0))
                throw new UserException($"--length-normalization {a}: expected a number of at least 0");
            if (parsed.GetValue(maxLength) is < 1)
                throw new UserException($"--max-length {parsed.GetValue(maxLength)}: expected a positive integer");
            IDecoding decoding = parsed.GetValue(sample)
                ? new SampledDecoding(SamplingOptions.Of(parsed.GetValue(temperature), parsed.GetValue(topK), parsed.GetValue(topP)), new RandomStream(parsed.GetValue(seed), "translate"))
                : parsed.GetValue(beam) == 1 ? new GreedyDecoding() : new BeamSearch(parsed.GetValue(beam), a);
            using var saved = RunOptions.Open(parsed, parsed.GetValue(run)!);
            using var kernel = KernelChoice.Use(saved.Config.Kernel);
            var translation = new Translation(SavedRun.Require<SavedExampleModel>(saved, "translate answers lines of text"), decoding, parsed.GetValue(maxLength));
            Run(translation, Lines(parsed.GetValue(file)), parsed.GetValue(scores), parsed.GetValue(attention));
            return 0;
        });
        return command;
    }

    private static void Run(Translation translation, IEnumerable<(string Line, string Where)> lines, bool scores, string? folder)
    {
        if (folder is not null)
            MakeFolder(folder);
        var number = 0;
        foreach (var batch in lines.Chunk(BatchSize))
            foreach (var answer in translation.Of(batch, folder is not null))
            {
                number++;
                Console.WriteLine(scores ? string.Create(CultureInfo.InvariantCulture, $"{answer.Said.LogProbability:0.0000}\t{answer.Said.Score:0.0000}\t{answer.Line}") : answer.Line);
                if (folder is not null)
                    AtomicFile.WriteText(Path.Combine(folder, $"line-{number:d4}.svg"), AttentionChart.Of(answer.Source, [.. answer.Symbols, Vocabulary.End], answer.Attention!).ToSvg());
            }
    }

    /// <summary>The lines of a file, or of standard input, each with its place.</summary>
    private static IEnumerable<(string Line, string Where)> Lines(string? file)
    {
        var name = file ?? "standard input";
        using var reader = file is null ? Console.In : Open(file);
        for (var number = 1; Next(reader, name, number) is { } line; number++)
            yield return (line, $"{name}:{number}");
    }

    private static string? Next(TextReader reader, string name, int number)
    {
        try
        {
            return reader.ReadLine();
        }
        catch (DecoderFallbackException exception)
        {
            throw new UserException($"{name}:{number}: this is not UTF-8 text", exception);
        }
    }

    private static StreamReader Open(string file)
    {
        try
        {
            return new StreamReader(file, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (Exception exception) when (RunException.IsFileFailure(exception))
        {
            throw new UserException($"{file}: cannot be read: {exception.Message}", exception);
        }
    }

    private static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (RunException.IsFileFailure(exception))
        {
            throw new UserException($"--attention {folder}: cannot be made: {exception.Message}", exception);
        }
    }
}
