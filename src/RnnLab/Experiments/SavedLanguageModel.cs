using RnnLab.Experiments.Runs;
using RnnLab.Kernels;
using RnnLab.Models;
using RnnLab.Tasks;
using RnnLab.Training;
using RnnLab.Training.FreeRunning;

namespace RnnLab.Experiments;

/// <summary>A run's language model, to evaluate and to sample from.</summary>
public sealed class SavedLanguageModel : SavedRun
{
    private SavedLanguageModel(RunDirectory run, ExperimentConfig config, TextRecord text, Vocabulary vocabulary, Device device) : base(run, config, device)
        => (Text, Vocabulary, Model) = (text, vocabulary, LanguageModelExperiment.NewModel(config, vocabulary.Size, device));

    /// <summary>What it was trained on.</summary>
    public TextRecord Text { get; }

    /// <summary>The model.</summary>
    public LanguageModel Model { get; }

    /// <summary>Characters or words.</summary>
    public TextSymbols Symbols => ((TextTaskConfig)Config.Task).Symbols;

    /// <summary>Its symbols.</summary>
    public Vocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public override nn.Module Module => Model;

    /// <summary>How well the model predicts a text, or, without one, its own validation part.</summary>
    /// <param name="textPath">A text file or folder, or null.</param>
    /// <param name="batch">Streams side by side; 1 is exact.</param>
    /// <exception cref="UserException">The text is missing, too short, or has characters that the model was not trained on.</exception>
    public Evaluation Evaluate(string? textPath, int batch)
    {
        using var kernel = KernelChoice.Use(Config.Kernel);
        var t = (TextTaskConfig)Config.Task;
        if (textPath is null)
            return Evaluation.Of(Model, OwnTask().Validation, batch, Config.Training.K1, Device);
        var corpus = TextCorpus.Load(textPath, t.Include);
        var tokens = Symbols.Level == TextLevel.Word ? Vocabulary.Encode(Symbols.Split(corpus.Text()), textPath) : Vocabulary.Encode(corpus.Characters, textPath);
        if (tokens.Length < 2)
            throw new UserException($"{textPath}: the text is too short: {tokens.Length} {Symbols.Unit}, 2 are needed");
        return Evaluation.Of(Model, [tokens], batch, Config.Training.K1, Device);
    }

    /// <summary>The loss after tokens of the model's own, as the run's config asks; null where it does not.</summary>
    /// <exception cref="UserException">The run's text is gone or has changed.</exception>
    public ExposureBias? Exposure()
    {
        using var kernel = KernelChoice.Use(Config.Kernel);
        return Config.Evaluation.FreeRunning > 0 ? LanguageModelExperiment.Exposure(Config).Of(Model, OwnTask().Validation) : null;
    }

    private TextTask OwnTask()
    {
        var t = (TextTaskConfig)Config.Task;
        var validation = t.LoadValidation();
        Text.RequireValidation(validation, Directory);
        return t.NewTask(Text.Load(Directory), validation, Config.Training.BatchSize, Vocabulary);
    }

    internal static SavedLanguageModel Make(RunDirectory run, ExperimentConfig config, Device device)
    {
        var text = TextRecord.Read(run);
        return new(run, config, text, Vocabulary.Of(text.Vocabulary), device);
    }
}
