using System.CommandLine;
using RnnLab.Experiments;

namespace RnnLab.Cli;

/// <summary><c>rnnlab eval RUN [--text FILE]</c></summary>
internal static class EvalCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "The folder of a run." };
        var text = new Option<string?>("--text") { Description = "A text to score; the run's own validation part unless given.", HelpName = "FILE" };
        var batch = new Option<int?>("--batch-size")
        {
            Description = "Streams that the text is cut into: 1 carries the state from end to end and is exact, more are faster. As in the run's config unless given.",
            HelpName = "N",
        };
        var command = new Command("eval", "Measure how well a run's model predicts a text.") { run, text, batch, RunOptions.Checkpoint, RunOptions.Weights, RunOptions.Device };
        command.SetAction(parsed =>
        {
            using var saved = RunOptions.Open(parsed, parsed.GetValue(run)!);
            var streams = parsed.GetValue(batch) ?? saved.Config.Evaluation.BatchSize;
            if (streams < 1)
                throw new UserException($"--batch-size {streams}: expected a positive integer");
            var weights = parsed.GetValue(RunOptions.Weights) ?? $"the checkpoint of step {saved.Step}";
            var textPath = parsed.GetValue(text);
            var result = saved.Evaluate(textPath, streams);
            if (!double.IsFinite(result.CrossEntropy))
                throw new UserException($"{saved.Directory.Path}: the cross-entropy is {result.CrossEntropy}; {weights} is of a model that has diverged");
            Console.WriteLine(parsed.GetValue(RunOptions.Weights) is { } file ? $"weights          {file}" : $"checkpoint       step {saved.Step}");
            Console.WriteLine($"text             {textPath ?? $"validation part of {saved.Text.Source}"}");
            Console.WriteLine($"characters       {result.Characters}");
            Console.WriteLine($"cross-entropy    {result.CrossEntropy:0.000000} nats a character");
            Console.WriteLine($"bits             {result.BitsPerCharacter:0.000000} a character");
            Console.WriteLine($"perplexity       {result.Perplexity:0.0000}");
            if (textPath is null)
                Console.WriteLine($"bigram model     {saved.Text.BigramLoss:0.000000} nats, {saved.Text.BigramLoss / Math.Log(2):0.000000} bits a character");
            return 0;
        });
        return command;
    }
}
