using RnnLab.Experiments.Configuration;

namespace RnnLab.Experiments;

/// <summary>The <c>model</c> section.</summary>
/// <param name="Name">What kind of model it is.</param>
public abstract record ModelConfig(string Name)
{
    /// <summary>The recurrence, or null for a model without one.</summary>
    public abstract RecurrenceConfig? Recurrence { get; }

    /// <summary>What checkpoints call the model, beside the names of its parameters: its cell, or its name where it has none.</summary>
    internal string Identity => Recurrence?.Cell ?? Name;

    /// <summary>A line on the model: its kind and size.</summary>
    public abstract string Description { get; }

    internal static ModelConfig Read(ConfigSection section, TaskConfig task)
    {
        if (task is TextTaskConfig)
        {
            section.Choice("name", LanguageModelConfig.ModelName, LanguageModelConfig.ModelName);
            return LanguageModelConfig.Read(section);
        }
        var name = section.Choice("name", SequenceModelConfig.Recurrent, [.. SequenceModelConfig.Names, EncoderDecoderConfig.ModelName]);
        return name == EncoderDecoderConfig.ModelName ? EncoderDecoderConfig.Read(section) : SequenceModelConfig.Read(section, name);
    }

    internal abstract ConfigTree ToTree();
}
