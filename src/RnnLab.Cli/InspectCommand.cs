using System.CommandLine;
using RnnLab.Experiments;
using RnnLab.Tasks;

namespace RnnLab.Cli;

/// <summary><c>rnnlab inspect memory CONFIG [key=value …]</c></summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var arguments = new Argument<string[]>("memory CONFIG [key=value ...]")
        {
            Description = "What to look at, a config file, and keys of it to set. memory: what a training takes, part by part, and what is at hand.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command("inspect", "Look at what a config asks for, without making it.") { arguments };
        command.SetAction(parsed => Run(parsed.GetValue(arguments) ?? []));
        return command;
    }

    private static int Run(string[] arguments)
    {
        if (arguments is not ["memory", .. var rest])
            throw new UserException($"inspect{(arguments.Length > 0 ? $" {arguments[0]}" : "")}: expected memory");
        var given = ConfigArguments.Of(rest, "inspect memory");
        var config = ExperimentConfig.Load(given.RequireConfig(), given.Overrides);
        if (config.Task is not TextTaskConfig text)
            throw new UserException($"inspect memory: the estimate is for language models; {given.Config} is of task {config.Task.Name}");
        WriteMemory(config, text.VocabularySize());
        return 0;
    }

    private static void WriteMemory(ExperimentConfig config, int vocabularySize)
    {
        var (m, t) = (config.Model.Recurrence!, config.Training);
        var estimate = MemoryEstimate.Of(config, vocabularySize);
        Console.WriteLine($"{m.Cell} {m.NumLayers} × {m.HiddenSize}, {config.Dtype} on {config.Device}, T = k2 = {t.K2}, k1 = {t.K1}, B = batch_size = {t.BatchSize}, V = {vocabularySize}");
        Console.WriteLine();
        Console.WriteLine($"{"",-30} {"MB",14}");
        foreach (var part in estimate.Parts)
            WriteLine(part.Name, part.Bytes);
        WriteLine("total", estimate.Total);
        if (config.Device == "cpu")
            WriteLine("memory at hand", MemoryEstimate.AtHand);
        Console.WriteLine();
        foreach (var line in Formulas)
            Console.WriteLine(line);
    }

    private static void WriteLine(string name, double bytes) => Console.WriteLine($"{name,-30} {bytes / 1e6,14:n2}");

    private static IEnumerable<string> Formulas =>
    [
        "Numbers of 4 bytes (float32) or 8 (float64); a layer has H units, G gates, I inputs, O outputs:",
        "parameters      G·H·(I + O) and 2·G·H biases a layer, H·O for a projection, V·I for the embedding, V·O + V for the logits",
        "tape, fused     T·B·(S·H' + v) + (T + 1)·B·H' for h, as many for the lstm's c; S = 1 (rnn), 4 (lstm, gru); H' is H in whole vectors of v",
        "tape, readable  T·B·H times 1 (rnn), 5 (gru) or 7 (lstm), and O more with a projection; other cells: what their functions save, and the states",
        "tape_memory     sqrt or a budget: the tape of the steps of one part only, and B·H numbers (twice that with a c) for each saved state",
        "packed weights  W_ih and W_hh; in the backward pass also 256 to 512 rows of inputs, states and gates for each thread, and the weights' gradients for each",
        "                group of rows of the batch but the first (a group a thread where B allows); the larger pass of the larger layer",
        "workspace       in the readable form: the projections' gradients of some steps (1024 rows) twice, and the states' gradients",
        "outputs         T·B numbers for each input of layer 0 and each output of a layer, as many gradients; with dropout a mask and a product more",
        "logits          k1·B·V twice, softmax and gradient; three times in the readable form",
        "All parts need not be there at the same moment; the text and the program come on top.",
    ];
}
