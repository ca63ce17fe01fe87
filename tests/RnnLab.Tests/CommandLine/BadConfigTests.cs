namespace RnnLab.Tests.CommandLine;

/// <summary>Mistakes in a config or on the command line end in one line before anything is made.</summary>
public sealed class BadConfigTests(SmallExperiment experiment) : IClassFixture<SmallExperiment>
{
    [Theory]
    [InlineData("model.hiden_size=5", "command line: model.hiden_size=5: unknown key; did you mean hidden_size?")]
    [InlineData("training.optimiser.name=sgd", "training.optimiser.name=sgd: unknown key; did you mean optimizer?")]
    [InlineData("colour=red", "colour=red: unknown key; the configuration knows ")]
    [InlineData("training.optimizer={name: adam, momentum: 0.9}", "unknown key")]
    [InlineData("model.hidden_size=big", "model.hidden_size=big: expected an integer from 1 to 65536")]
    [InlineData("model.hidden_size=1e3", "expected an integer from 1 to 65536 (write 1000)")]
    [InlineData("model.hidden_size=[1, 2]", "model.hidden_size=[1, 2]: expected an integer from 1 to 65536, got a list")]
    [InlineData("model.hidden_size=", "expected an integer from 1 to 65536")]
    [InlineData("model=lstm", "expected a section (keys and values)")]
    [InlineData("model.bias=yes", "expected true or false (write true)")]
    [InlineData("model.hidden_size=0", "expected an integer from 1 to 65536")]
    [InlineData("model.dropout=1", "expected a number >= 0 and < 1")]
    [InlineData("model.cell=lsmt", "lstm_layer_norm, gru, gru_reset_before, gru_layer_norm, mgu (did you mean lstm?)")]
    [InlineData("model.proj_size=16", "expected an integer from 0 to 15")]
    [InlineData("training.steps=0", "expected an integer from 1 to 1000000000000")]
    [InlineData("training.k2=3", "expected an integer from 8 to 1000000")]
    [InlineData("training.batch_size=-1", "expected an integer from 1 to 1000000")]
    [InlineData("training.optimizer.learning_rate=0", "expected a number > 0")]
    [InlineData("training.optimizer.learning_rate=.inf", "expected a number > 0 and <= 1E+30 (it must be finite)")]
    [InlineData("training.optimizer={name: sgd, nesterov: true}", "nesterov needs a momentum above 0 and a dampening of 0")]
    [InlineData("training.clip_norm=0", "expected a number > 0")]
    [InlineData("task.validation_fraction=1", "expected a number > 0 and < 1")]
    [InlineData("task={name: char_lm}", "this key is required; expected a path")]
    [InlineData("task.name=words", "expected one of char_lm, word_lm, adding")]
    [InlineData("evaluation.top_k=-1", "expected an integer >= 0")]
    [InlineData("seed=-1", "expected an integer >= 0")]
    [InlineData("dtype=float23", "expected one of float32, float64 (did you mean float32?)")]
    [InlineData("device=gpu", "device=gpu: expected cpu, cuda or cuda:N")]
    [InlineData("threads=0", "expected an integer from 1 to 4096")]
    [InlineData("name=a/b", "\"a/b\" cannot name a folder of runs")]
    [InlineData("=3", "expected key=value or section.key=value")]
    [InlineData("seed.x=3", "seed is 3, not a section")]
    [InlineData("model={hidden_size: [1}", "model={hidden_size: [1}")]
    public void An_override_is_refused(string argument, string message) => Refused(message, "train", SmallExperiment.Config, argument);

    [Fact]
    public void Steps_and_epochs_at_once_are_refused()
        => Refused("training.epochs is given too; expected one of the two", "train", SmallExperiment.Config, "training.steps=3", "training.epochs=2");

    [Theory]
    [InlineData("task:\n  text: text.txt\nmodel:\n  hiden_size: 5\n", "bad.yaml:4: model.hiden_size: unknown key; did you mean hidden_size?")]
    [InlineData("task: {text: text.txt}\nmodel:\n  dropout: much\n", "bad.yaml:3: model.dropout: expected a number >= 0 and < 1, got ")]
    [InlineData("task: {text: text.txt}\nmodel: {num_layers: 0}\n", "bad.yaml:2: model.num_layers: expected an integer from 1 to 1024, got ")]
    [InlineData("task:\n  text: text.txt\n model: 3\n", "bad.yaml:3: ")]
    [InlineData("task: {text: text.txt\nseed: 3\n", "bad.yaml:1: malformed YAML: ")]
    [InlineData("seed: 1\ntask:\n\ttext: text.txt\n", "bad.yaml:3: a tab in the indentation")]
    [InlineData("seed: 1\ntask: {text: text.txt}\nseed: 2\n", "bad.yaml:3: ")]
    [InlineData("- task\n- model\n", "bad.yaml:1: expected a YAML mapping of keys to values")]
    [InlineData("", "bad.yaml: the file is empty; expected a YAML mapping of keys to values")]
    [InlineData("# nothing\n", "bad.yaml: the file is empty; expected a YAML mapping of keys to values")]
    [InlineData("seed: 1\n", "task.text: this key is required; expected a path")]
    [InlineData("seed: \0\n", "bad.yaml: this is a binary file; expected YAML")]
    public void A_file_is_refused_with_its_line(string yaml, string message)
    {
        File.WriteAllText(experiment.PathOf("bad.yaml"), yaml);
        Refused(message, "train", "bad.yaml");
    }

    [Theory]
    [InlineData("nowhere.yaml: no such file", "train", "nowhere.yaml")]
    [InlineData(".: this is a folder; expected a YAML file", "train", ".")]
    [InlineData("train needs a config file", "train")]
    [InlineData("train needs a config file", "train", "seed=3")]
    [InlineData("text.txt: one config file at a time", "train", SmallExperiment.Config, "text.txt")]
    public void A_wrong_file_is_refused(string message, params string[] arguments) => Refused(message, arguments);

    [NoCudaFact]
    public void CUDA_is_refused_where_there_is_none()
    {
        Refused("device cuda: no CUDA device is available to this backend (see environment.md); use device=cpu", "train", SmallExperiment.Config, "device=cuda");
        Refused("device cuda:1: no CUDA device", "train", SmallExperiment.Config, "device=cuda:1");
    }

    private void Refused(string message, params string[] arguments)
    {
        Assert.Equal("", experiment.Call(arguments).RefusedWith(message).Output);
        Assert.False(Directory.Exists(experiment.PathOf("runs")), "it left something behind");
    }
}

/// <summary>A test that needs a machine without CUDA.</summary>
internal sealed class NoCudaFactAttribute : FactAttribute
{
    public NoCudaFactAttribute() => Skip = cuda.is_available() ? "this machine has CUDA" : null;
}
