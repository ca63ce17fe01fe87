using System.CommandLine;
using RnnLab.Experiments;
using RnnLab.Kernels;
using RnnLab.Models;
using RnnLab.Randomness;
using RnnLab.Tasks;

namespace RnnLab.Cli;

/// <summary><c>rnnlab sample RUN --prompt … --length … --temperature …</c></summary>
internal static class SampleCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "The folder of a run." };
        var prompt = new Option<string>("--prompt") { Description = "What the text starts with; a line feed unless given.", HelpName = "TEXT", DefaultValueFactory = _ => "\n" };
        var length = new Option<int>("--length") { Description = "Characters to draw.", HelpName = "N", DefaultValueFactory = _ => 500 };
        var temperature = new Option<double>("--temperature") { Description = "0 takes the likeliest character, 1 draws from the model's own distribution.", HelpName = "T", DefaultValueFactory = _ => 1 };
        var topK = new Option<int>("--top-k") { Description = "Draw among the K likeliest characters; 0 for all.", HelpName = "K", DefaultValueFactory = _ => 0 };
        var topP = new Option<double>("--top-p") { Description = "Draw among the fewest likeliest characters whose probability reaches P; 1 for all.", HelpName = "P", DefaultValueFactory = _ => 1 };
        var seed = new Option<ulong>("--seed") { Description = "Of the draw.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var examples = new Option<int>("--examples") { Description = "Of a task with examples: how many of the validation part are answered.", HelpName = "N", DefaultValueFactory = _ => 10 };
        var command = new Command("sample", "Draw text from a run's language model, or show what another model says to examples.")
        {
            run, prompt, length, temperature, topK, topP, seed, examples, RunOptions.Checkpoint, RunOptions.Weights, RunOptions.Device,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(prompt)!.Length == 0)
                throw new UserException("--prompt: expected at least one character");
            var sampling = SamplingOptions.Of(parsed.GetValue(temperature), parsed.GetValue(topK), parsed.GetValue(topP));
            var (count, shown) = (Positive(parsed.GetValue(length), "--length"), Positive(parsed.GetValue(examples), "--examples"));
            using var saved = RunOptions.Open(parsed, parsed.GetValue(run)!);
            if (saved is SavedLanguageModel model)
                Continue(model, parsed.GetValue(prompt)!, count, sampling, parsed.GetValue(seed));
            else
                Console.Write(SavedRun.Require<SavedExampleModel>(saved, "sample shows what models say").Answers(shown));
            return 0;
        });
        return command;
    }

    private static void Continue(SavedLanguageModel saved, string prompt, int count, Sampling sampling, ulong seed)
    {
        using var kernel = KernelChoice.Use(saved.Config.Kernel);
        var isWords = saved.Symbols.Level == TextLevel.Word;
        // Of words, a line feed is the end of a line, and a prompt's own line goes on.
        var tokens = !isWords ? saved.Vocabulary.Encode([.. prompt.EnumerateRunes()], "prompt")
            : saved.Vocabulary.Encode(string.IsNullOrWhiteSpace(prompt) ? [Vocabulary.End] : (saved.Symbols with { EndsLines = false }).Split(prompt), "prompt");
        Console.Write(prompt);
        var startsLine = prompt.EndsWith('\n');
        foreach (var symbol in sampling.Continue(saved.Model, tokens, count, new RandomStream(seed, "sample")).Select(saved.Vocabulary.Decode))
        {
            var isEnd = isWords && symbol == Vocabulary.End;
            Console.Write(isEnd ? "\n" : isWords && !startsLine ? $" {symbol}" : symbol);
            startsLine = isEnd;
        }
        Console.WriteLine();
    }

    private static int Positive(int value, string option) => value > 0 ? value : throw new UserException($"{option} {value}: expected a positive integer");
}
