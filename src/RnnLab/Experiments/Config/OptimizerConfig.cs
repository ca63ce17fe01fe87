using RnnLab.Experiments.Configuration;
using RnnLab.Training.Optimizers;

namespace RnnLab.Experiments;

/// <summary>The <c>training.optimizer</c> section: a name, a learning rate, and what that optimiser knows beside.</summary>
/// <param name="Name">sgd, adam, adamw or rmsprop.</param>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="Options">The other options in the config's words and order.</param>
public sealed record OptimizerConfig(string Name, double LearningRate, IReadOnlyList<KeyValuePair<string, object>> Options)
{
    /// <summary>Tensors that it keeps for each parameter.</summary>
    internal int StateTensors => Name switch
    {
        "sgd" => Number("momentum") != 0 ? 1 : 0,
        "rmsprop" => 1 + (Flag("centered") ? 1 : 0) + (Number("momentum") != 0 ? 1 : 0),
        _ => 2,
    };

    /// <summary>The optimiser over the given parameters.</summary>
    public Optimizer Create(IEnumerable<(string Name, Parameter Parameter)> parameters) => Name switch
    {
        "sgd" => new Sgd(parameters, LearningRate, Number("momentum"), Number("dampening"), Number("weight_decay"), Flag("nesterov")),
        "rmsprop" => new RmsProp(parameters, LearningRate, Number("alpha"), Number("eps"), Number("weight_decay"), Number("momentum"), Flag("centered")),
        _ => new Adam(parameters, LearningRate, Number("beta1"), Number("beta2"), Number("eps"), Number("weight_decay"), decoupled: Name == "adamw"),
    };

    internal static OptimizerConfig Read(ConfigSection section)
    {
        var name = section.Choice("name", "adam", "sgd", "adam", "adamw", "rmsprop");
        // PyTorch's defaults; sgd has none for the learning rate, and 0.1 is as good a start as any.
        var rate = section.Number("learning_rate", name switch { "sgd" => 0.1, "rmsprop" => 1e-2, _ => 1e-3 }, above: 0, max: TrainingConfig.Largest);
        var options = new List<KeyValuePair<string, object>>();
        void Number(string key, double @default, double? below = null) => options.Add(new(key, section.Number(key, @default, min: 0, max: below is null ? TrainingConfig.Largest : null, below: below)));
        void Flag(string key) => options.Add(new(key, section.Flag(key, false)));
        switch (name)
        {
            case "sgd":
                Number("momentum", 0);
                Number("dampening", 0);
                Flag("nesterov");
                break;
            case "rmsprop":
                Number("alpha", 0.99, below: 1);
                Number("eps", 1e-8);
                Number("momentum", 0);
                Flag("centered");
                break;
            default:
                Number("beta1", 0.9, below: 1);
                Number("beta2", 0.999, below: 1);
                Number("eps", 1e-8);
                break;
        }
        Number("weight_decay", name == "adamw" ? 0.01 : 0);
        var config = new OptimizerConfig(name, rate, options);
        if (name == "sgd" && config.Flag("nesterov") && (config.Number("momentum") == 0 || config.Number("dampening") != 0))
            throw section.Error("nesterov", "nesterov needs a momentum above 0 and a dampening of 0");
        return config;
    }

    internal ConfigTree ToTree()
    {
        var tree = new ConfigTree { { "name", Name }, { "learning_rate", LearningRate } };
        foreach (var (key, value) in Options)
            tree.Add(key, value);
        return tree;
    }

    private double Number(string key) => (double)Options.First(o => o.Key == key).Value;

    private bool Flag(string key) => (bool)Options.First(o => o.Key == key).Value;
}
