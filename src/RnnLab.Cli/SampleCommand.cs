using System.CommandLine;
using RnnLab.Kernels;
using RnnLab.Models;
using RnnLab.Randomness;

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
        var seed = new Option<ulong>("--seed") { Description = "Of the draw.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var command = new Command("sample", "Draw text from a run's model.") { run, prompt, length, temperature, topK, seed, RunOptions.Checkpoint, RunOptions.Weights, RunOptions.Device };
        command.SetAction(parsed =>
        {
            var (start, count) = (parsed.GetValue(prompt)!, parsed.GetValue(length));
            if (start.Length == 0)
                throw new UserException("--prompt: expected at least one character");
            if (count < 1)
                throw new UserException($"--length {count}: expected a positive integer");
            var sampling = Sampling(parsed.GetValue(temperature), parsed.GetValue(topK));
            using var saved = RunOptions.Open(parsed, parsed.GetValue(run)!);
            using var kernel = KernelChoice.Use(saved.Config.Kernel);
            var tokens = saved.Vocabulary.Encode([.. start.EnumerateRunes()], "prompt");
            Console.Write(start);
            foreach (var token in sampling.Continue(saved.Model, tokens, count, new RandomStream(parsed.GetValue(seed), "sample")))
                Console.Write(saved.Vocabulary.Decode(token));
            Console.WriteLine();
            return 0;
        });
        return command;
    }

    private static Sampling Sampling(double temperature, int topK)
    {
        if (!double.IsFinite(temperature) || temperature < 0)
            throw new UserException($"--temperature {temperature}: expected a number of at least 0");
        return topK >= 0 ? new(temperature, topK) : throw new UserException($"--top-k {topK}: expected an integer of at least 0");
    }
}
