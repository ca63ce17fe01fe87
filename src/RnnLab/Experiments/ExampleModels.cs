using RnnLab.Models;
using RnnLab.Recurrence;
using RnnLab.Tasks;

namespace RnnLab.Experiments;

/// <summary>The models of tasks with examples, as configs describe them.</summary>
internal static class ExampleModels
{
    // Of a training part without an end, so many are looked at.
    private const long Looked = 1000;

    /// <summary>Requires a bounded tape to be one that the model has.</summary>
    /// <exception cref="UserException">It has none.</exception>
    public static void RequireTape(ExperimentConfig config)
    {
        if (config.Training.TapeMemory != TapeMemory.Full && config.Model is not SequenceModelConfig { Recurrence: not null })
            throw config.Error("training.tape_memory", $"a model.name of {config.Model.Name} keeps its whole tape; expected full");
    }

    /// <summary>Requires the model to have weights, and a bounded tape to have room, for as many steps as the examples have.</summary>
    /// <exception cref="UserException">It has not.</exception>
    public static void RequireSteps(ExperimentConfig config, ExampleTask task)
    {
        var (memory, most) = (config.Training.TapeMemory, (config.Model as SequenceModelConfig)?.MaxLength);
        if (most is null && memory == TapeMemory.Full)
            return;
        var (length, where) = Longest(task);
        if (most < length)
            throw config.Error("model.max_length", $"{where} has {length} steps, the model weights for {most}; expected at least {length}");
        if (memory != TapeMemory.Full)
            LayerMemory.RequireTape(config with { Training = config.Training with { K2 = length } });
    }

    /// <summary>A model with its initial weights.</summary>
    /// <exception cref="UserException">The model is none for such a task, or its parts do not fit each other.</exception>
    public static BatchModel New(ExperimentConfig config, TaskShape shape, Device device)
    {
        var isDecoder = config.Model is EncoderDecoderConfig;
        if (isDecoder != (shape.Place == TargetPlace.OwnSteps))
            throw config.Error("model.name", isDecoder
                ? $"the targets of {config.Task.Name} are no sequences of their own; expected one of {string.Join(", ", SequenceModelConfig.Names)}"
                : $"the targets of {config.Task.Name} are sequences of their own; expected {EncoderDecoderConfig.ModelName}");
        try
        {
            return config.Model is EncoderDecoderConfig decoder
                ? EncoderDecoderModel.Create(shape, decoder.Settings(), config.Seed, config.ElementType, device)
                : SequenceModel.Create(shape, ((SequenceModelConfig)config.Model).Settings(config.Training.TapeMemory), config.Seed, config.ElementType, device);
        }
        catch (ArgumentException exception)
        {
            // The message begins with the setting that it is about.
            var parts = exception.Message.Split(" (Parameter")[0].Split(": ", 2);
            throw parts is [var setting, var problem] ? config.Error($"model.{setting}", problem) : config.Error("model", exception.Message);
        }
    }

    private static (int Length, string Where) Longest(ExampleTask task)
        => task.Evaluation.Append(new("training", task.Training))
            .SelectMany(set => Enumerable.Range(0, (int)(set.Examples.Count ?? Looked)).Select(i => (Length: set.Examples.InputLength(i), Where: $"{set.Name} example {i}")))
            .MaxBy(example => example.Length);
}
