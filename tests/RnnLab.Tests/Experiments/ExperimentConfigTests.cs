using RnnLab.Cells;
using RnnLab.Experiments;
using RnnLab.Experiments.Configuration;
using RnnLab.Layers;
using RnnLab.Recurrence;
using RnnLab.Tasks;

namespace RnnLab.Tests.Experiments;

/// <summary>What a config file means.</summary>
public sealed class ExperimentConfigTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ExperimentConfig Load(string yaml, params string[] overrides)
    {
        var path = _folder.File("x.yaml");
        File.WriteAllText(path, yaml);
        return ExperimentConfig.Load(path, overrides);
    }

    private string Refusal(string yaml, params string[] overrides) => Assert.Throws<ConfigException>(() => Load(yaml, overrides)).Message;

    [Fact]
    public void The_state_may_be_left_behind()
        => Assert.False(Load("task: {text: t}\ntraining: {carry_state: false}").Training.CarryState);

    private const string Full = """
        name: all
        seed: 9
        device: cuda:1
        allow_tf32: true
        dtype: float64
        threads: 3
        kernel: reference
        task: {name: char_lm, text: t.txt, include: [.md], validation_fraction: 0.1, split: per_stream}
        model:
          cell: lstm
          hidden_size: 32
          proj_size: 8
          num_layers: 3
          bias: true
          dropout: 0.25
          input: one_hot
          init: {range: 0.08, recurrent: orthogonal, forget_bias: 1}
        training:
          steps: 77
          batch_size: 4
          k1: 5
          k2: 9
          carry_state: true
          loss: sum_over_time
          optimizer: {name: sgd, learning_rate: 0.3, momentum: 0.9, nesterov: true, weight_decay: 1e-4}
          learning_rate_decay: 0.97
          learning_rate_decay_after: 10
          clip_norm: 5
          clip_value: 1.5
          log_interval: 2
          checkpoint_interval: 6
        evaluation: {interval: 11, batch_size: 2, sample_length: 0, temperature: 0.5, top_k: 4}
        """;

    [Fact]
    public void Every_key_reaches_its_place()
    {
        var c = Load(Full);
        var (task, r) = ((TextTaskConfig)c.Task, c.Model.Recurrence!);
        Assert.Equal(("all", 9UL, "cuda:1", "float64", (int?)3, Kernel.Reference), (c.Name, c.Seed, c.Device, c.Dtype, c.Threads, c.Kernel));
        Assert.Equal((_folder.File("t.txt"), 0.1, TextSplit.PerStream), (task.Text, task.ValidationFraction, task.Split));
        Assert.Equal([".md"], task.Include);
        Assert.Equal(("lstm", 32, 8, 3, true, 0.25), (r.Cell, r.HiddenSize, r.CellOptions["proj_size"], r.NumLayers, r.Bias, r.Stack.Dropout));
        Assert.Null(((LanguageModelConfig)c.Model).EmbeddingSize);
        Assert.Equal(new Initialization { Range = 0.08, Recurrent = RecurrentStart.Orthogonal, ForgetBias = 1 }, r.Initialization);
        var t = c.Training;
        Assert.Equal((77L, (int?)null, 4, 5, 9, true, LossReduction.SumOverTime), (t.Steps, t.Epochs, t.BatchSize, t.K1, t.K2, t.CarryState, t.Loss));
        Assert.Equal(("sgd", 0.3, 0.97, 10, 2, 6), (t.Optimizer.Name, t.Optimizer.LearningRate, t.LearningRateDecay, t.LearningRateDecayAfter, t.LogInterval, t.CheckpointInterval));
        Assert.Equal((5.0, 1.5), (t.Clipping.MaxNorm, t.Clipping.MaxValue));
        Assert.Equal((11, 2, 0, 0.5, 4), (c.Evaluation.Interval, c.Evaluation.BatchSize, c.Evaluation.SampleLength, c.Evaluation.Sampling.Temperature, c.Evaluation.Sampling.TopK));
    }

    [Theory]
    [InlineData(Full)]
    [InlineData("task: {text: t.txt}")]
    [InlineData("task: {text: t.txt}\nmodel: {cell: rnn, nonlinearity: relu}\ntraining: {optimizer: {name: rmsprop, centered: true}}")]
    [InlineData("task: {text: t.txt}\nmodel: {zoneout_h: 0.1, zoneout_c: 0.05, recurrent_dropout: 0.2, weight_drop: 0.5, locked_dropout: true, connection: skip}\ntraining: {tape_memory: 77}")]
    [InlineData("task: {text: t.txt}\nmodel: {cell: gru}\ntraining: {optimizer: {name: adamw, beta1: 0.8}}")]
    public void A_resolved_config_read_again_is_the_same(string yaml)
    {
        var text = YamlText.Write(Load(yaml).ToTree());
        Assert.Equal(text, YamlText.Write(Load(text).ToTree()));
    }

    [Fact]
    public void The_name_is_the_files_unless_given()
        => Assert.Equal("x", Load("task: {text: t.txt}").Name);

    [Fact]
    public void Cells_are_made_as_the_config_says()
    {
        Assert.Equal(Nonlinearity.Relu, Assert.IsType<RnnCell>(Load("task: {text: t}\nmodel: {cell: rnn, nonlinearity: relu}").Model.Recurrence!.NewCell()).Nonlinearity);
        Assert.Equal(7, Assert.IsType<LstmCell>(Load("task: {text: t}\nmodel: {proj_size: 7}").Model.Recurrence!.NewCell()).ProjectionSize);
        Assert.IsType<GruCell>(Load("task: {text: t}\nmodel: {cell: gru}").Model.Recurrence!.NewCell());
    }

    [Theory]
    [InlineData("training.steps=5", 5L, null)]
    [InlineData("training.epochs=3", null, 3)]
    public void The_command_line_may_turn_epochs_into_steps_and_back(string argument, long? steps, int? epochs)
    {
        var file = steps is null ? "training: {steps: 9}" : "training: {epochs: 9}";
        var t = Load($"task: {{text: t}}\n{file}", argument).Training;
        Assert.Equal((steps, epochs), (t.Steps, t.Epochs));
    }

    [Theory]
    [InlineData("training: {steps: 9, epochs: 2}", "expected one of the two")]
    [InlineData("model: {cell: gru, proj_size: 3}", "model.proj_size: cell gru has no such option; it has: (none)")]
    [InlineData("model: {cell: gru, init: {forget_bias: 1}}", "model.init.forget_bias: cell gru has no forget gate")]
    [InlineData("model: {cell: lstm, nonlinearity: relu}", "model.nonlinearity: cell lstm has no such option; it has: proj_size")]
    [InlineData("model: {input: one_hot, embedding_size: 3}", "model.embedding_size: unknown key")]
    [InlineData("model: {hidden_size: 8, proj_size: 8}", "from 0 to 7")]
    [InlineData("training: {k1: 5, k2: 4}", "training.k2")]
    [InlineData("training: {optimizer: {name: adam, momentum: 1}}", "training.optimizer.momentum: unknown key")]
    [InlineData("training: {optimizer: {name: sgd, nesterov: true}}", "nesterov needs a momentum")]
    [InlineData("training: {k1: 5, k2: 9, carry_state: false}", "no step goes back beyond its chunk")]
    [InlineData("model: {bias: false, init: {forget_bias: 1}}", "no bias to set")]
    [InlineData("training: {optimizer: {learning_rate: 1e300}}", "training.optimizer.learning_rate: expected a number")]
    [InlineData("model: {cell: gru, zoneout_c: 0.1}", "model.zoneout_c: cell gru has no c; expected 0, or zoneout_h, which acts on h")]
    [InlineData("model: {weight_drop: 1}", "model.weight_drop: expected a number >= 0 and < 1")]
    [InlineData("model: {connection: dense}", "model.connection: expected one of none, residual, skip")]
    [InlineData("training: {tape_memory: half}", "training.tape_memory: expected full, sqrt, or a positive number of steps")]
    [InlineData("training: {tape_memory: 0}", "training.tape_memory: expected full, sqrt, or a positive number of steps")]
    [InlineData("name: my runs", "cannot name a folder of runs")]
    [InlineData("device: gpu", "expected cpu, cuda or cuda:N")]
    [InlineData("allow_tf32: true", "allow_tf32: expected false with device: cpu; TF32 is a mode of CUDA devices")]
    [InlineData("kernel: fats", "kernel: expected one of fast, reference, got \"fats\" (did you mean fast?)")]
    public void A_key_that_does_not_fit_is_refused_where_it_stands(string yaml, string fragment)
    {
        var message = Refusal($"task: {{text: t}}\n{yaml}\n");
        Assert.Contains("x.yaml:2: ", message, StringComparison.Ordinal);
        Assert.Contains(fragment, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Null_on_the_command_line_drops_a_key_that_another_choice_does_not_know()
    {
        var yaml = "task: {text: t}\nmodel: {cell: lstm, hidden_size: 9, init: {forget_bias: 1}}";
        Assert.Contains("model.init.forget_bias: cell gru has no forget gate", Refusal(yaml, "model.cell=gru"), StringComparison.Ordinal);
        var model = Load(yaml, "model.cell=gru", "model.init.forget_bias=null", "model.hidden_size=null").Model;
        Assert.Equal(("gru", 128), (model.Recurrence!.Cell, model.Recurrence.HiddenSize));
    }

    [Fact]
    public void A_model_beyond_the_machines_memory_is_refused_before_it_is_made()
    {
        string Refused(int hiddenSize)
            => Assert.Throws<UserException>(() => LanguageModelExperiment.NewModel(Load($"task: {{text: t}}\nmodel: {{hidden_size: {hiddenSize}, num_layers: 1024}}"), 65, CPU)).Message;
        Assert.StartsWith("a parameter of the model has 17,179,869,184 numbers, the most is ", Refused(65536), StringComparison.Ordinal);
        Assert.Matches(@"^the model's parameters need about [\d,.]+ GB of memory and [\d,.]+ GB are at hand: lower model.hidden_size \(20000\) or model.num_layers \(1024\)", Refused(20000));
    }

    [Fact]
    public void A_text_is_required()
        => Assert.Contains("task.text: this key is required", Refusal("seed: 1"), StringComparison.Ordinal);
}
