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
            Description = "Streams that a text is cut into, of which 1 carries the state from end to end and is exact and more are faster; or examples side by side. As in the run's config unless given.",
            HelpName = "N",
        };
        var command = new Command("eval", "Measure how well a run's model predicts its validation part, or a text.") { run, text, batch, RunOptions.Checkpoint, RunOptions.Weights, RunOptions.Device };
        command.SetAction(parsed =>
        {
            using var saved = RunOptions.Open(parsed, parsed.GetValue(run)!);
            var streams = parsed.GetValue(batch) ?? saved.Config.Evaluation.BatchSize;
            if (streams < 1)
                throw new UserException($"--batch-size {streams}: expected a positive integer");
            var weights = parsed.GetValue(RunOptions.Weights);
            var origin = weights ?? $"the checkpoint of step {saved.Step}";
            var lines = saved is SavedLanguageModel model
                ? OfText(model, parsed.GetValue(text), streams, origin)
                : OfExamples(SavedRun.Require<SavedExampleModel>(saved, "eval measures models"), parsed.GetValue(text), streams, origin);
            Console.WriteLine(weights is null ? $"checkpoint       step {saved.Step}" : $"weights          {weights}");
            foreach (var line in lines)
                Console.WriteLine(line);
            return 0;
        });
        return command;
    }

    private static List<string> OfText(SavedLanguageModel saved, string? textPath, int streams, string weights)
    {
        var result = saved.Evaluate(textPath, streams);
        RequireFinite(result.CrossEntropy, saved, weights);
        List<string> lines =
        [
            $"text             {textPath ?? $"validation part of {saved.Text.Source}"}",
            $"{saved.Symbols.Unit,-16} {result.Characters}",
            $"cross-entropy    {result.CrossEntropy:0.000000} nats a {saved.Symbols.One}",
            $"bits             {result.BitsPerCharacter:0.000000} a {saved.Symbols.One}",
            $"perplexity       {result.Perplexity:0.0000}",
        ];
        if (textPath is null)
            lines.Add($"bigram model     {saved.Text.BigramLoss:0.000000} nats, {saved.Text.BigramLoss / Math.Log(2):0.000000} bits a {saved.Symbols.One}");
        if (textPath is null && saved.Exposure() is { } exposure)
            lines.AddRange(exposure.Values().Select(p => $"{p.Name,-16} {p.Value:0.000000}"));
        return lines;
    }

    private static List<string> OfExamples(SavedExampleModel saved, string? textPath, int batch, string weights)
    {
        if (textPath is not null)
            throw new UserException($"--text: {saved.Config.Task.Name} is not a text; expected a run of a language model");
        var lines = new List<string>();
        foreach (var (set, count, result) in saved.Evaluate(batch))
        {
            RequireFinite(result.Loss, saved, weights);
            lines.Add($"{set,-16} {count} examples");
            lines.Add($"  {"loss",-20} {result.Loss:0.000000}");
            lines.AddRange(result.Measures.Where(p => double.IsFinite(p.Value)).Select(p => $"  {p.Key,-20} {p.Value:0.000000}"));
        }
        if (saved.FreeRunning() is { } horizon)
            lines.AddRange(horizon.Values().Select(p => $"{p.Name,-22} {p.Value:0.000000}"));
        lines.AddRange(saved.Task.Baselines.Select(level => $"{level.Name,-22} {level.Loss:0.000000}"));
        return lines;
    }

    private static void RequireFinite(double loss, SavedRun saved, string weights)
    {
        if (!double.IsFinite(loss))
            throw new UserException($"{saved.Directory.Path}: the cross-entropy is {loss}; {weights} is of a model that has diverged");
    }
}
