using RnnLab.Experiments;

namespace RnnLab.Tests.CommandLine;

/// <summary>Mistakes in the config of a task with examples, or in its data, end in one line before anything is made.</summary>
public sealed class BadExampleInputTests : IDisposable
{
    // Of one line each, so that a message's line number is the section's place: task, model, training, evaluation.
    private const string Adding = "task: {name: adding, length: 12}";
    private const string Reversal = "task: {name: reversal, symbols: 3}";
    private const string Sine = "task: {name: sine, length: 20, validation_examples: 5}";
    private const string Causal = "task: {name: copy, delay: 5}";
    private const string Pairs = "task: {name: tsv_pairs, file: data.tsv}";
    private const string Labelled = "task: {name: labelled_text, file: data.csv}";
    private const string Columns = "task: {name: csv_series, file: data.csv, window: 2}";
    private const string Images = "task: {name: idx_images, images: images.idx, labels: labels.idx}";
    private const string Decoder = "model: {name: encoder_decoder, hidden_size: 4}";
    private const string Recurrent = "model: {hidden_size: 4}";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("task: {name: addding}", Recurrent, "bad.yaml:1: task.name: expected one of char_lm, word_lm, adding, ")]
    [InlineData("task: {name: addding}", Recurrent, "(did you mean adding?)")]
    [InlineData("task: {name: adding, length: 1}", Recurrent, "bad.yaml:1: task.length: expected an integer from 2 to 100000, got ")]
    [InlineData("task: {name: adding, length: long}", Recurrent, "bad.yaml:1: task.length: expected an integer from 2 to 100000, got ")]
    [InlineData("task: {name: adding, lenght: 5}", Recurrent, "bad.yaml:1: task.lenght: unknown key; did you mean length?")]
    [InlineData("task: {name: adding, symbols: 5}", Recurrent, "bad.yaml:1: task.symbols: unknown key; task knows name, length, variant, ")]
    [InlineData("task: {name: adding, variant: 1998}", Recurrent, "bad.yaml:1: task.variant: expected one of le2015, 1997")]
    [InlineData("task: {name: adding, variant: 1997, length: 5}", Recurrent, "bad.yaml:1: task.length: the form of 1997 needs at least ")]
    [InlineData("task: {name: reversal, min_length: 5, max_length: 3}", Decoder, "bad.yaml:1: task.max_length: 3 is less than min_length, 5")]
    [InlineData("task: {name: anbn, n: 10, test_n: 5}", Recurrent, "bad.yaml:1: task.test_n: 5 is less than n, 10")]
    [InlineData("task: {name: sine, min_period: 9, max_period: 8}", Recurrent, "bad.yaml:1: task.max_period: 8 is less than min_period, 9")]
    [InlineData("task: {name: sine, noise: 1}", Recurrent, "bad.yaml:1: task.noise: expected a number from 0 to 0.99, got ")]
    [InlineData("task: {name: mackey_glass, training_points: 100}", Recurrent, "bad.yaml:1: task.training_points: 100 points are no window with its target: length + horizon = 101 are needed")]
    [InlineData("task: {name: tsv_pairs}", Decoder, "bad.yaml:1: task.file: this key is required; expected a path")]
    [InlineData("task: {name: tsv_pairs, file: data.tsv, skip_malformed: yes}", Decoder, "bad.yaml:1: task.skip_malformed: expected true or false")]
    [InlineData("task: {name: tsv_pairs, file: data.tsv, min_count: 2, unknown: false}", Decoder, "bad.yaml:1: task.unknown: a vocabulary with min_count or max_vocabulary needs <unk>: set unknown: true")]
    public void A_setting_of_a_task_is_refused_with_its_line(string task, string model, string message)
    {
        File.WriteAllText(_folder.File("data.tsv"), "one\teins\ntwo\tzwei\n");
        Refused(message, task, model);
    }

    [Theory]
    [InlineData("{schedule: constant, probability: 1.5}", "bad.yaml:3: training.forcing.probability: expected a number from 0 to 1, got ")]
    [InlineData("{schedule: constant, probability: -0.1}", "bad.yaml:3: training.forcing.probability: expected a number from 0 to 1, got ")]
    [InlineData("{schedule: constant}", "training.forcing.probability: this key is required")]
    [InlineData("{schedule: linaer}", "bad.yaml:3: training.forcing.schedule: expected one of always, never, constant, linear, ")]
    [InlineData("{schedule: linaer}", "(did you mean linear?)")]
    [InlineData("{schedule: linear}", "training.forcing.c: this key is required")]
    [InlineData("{schedule: linear, c: -1}", "bad.yaml:3: training.forcing.c: expected a number >= 0, got ")]
    [InlineData("{schedule: linear, c: 0.1, k: 2}", "bad.yaml:3: training.forcing.k: expected a number from 0 to 1, got ")]
    [InlineData("{schedule: linear, c: 0.1, k: 0.5, epsilon: 0.6}", "bad.yaml:3: training.forcing.epsilon: expected a number from 0 to 0.5, got ")]
    [InlineData("{schedule: exponential, k: 1}", "bad.yaml:3: training.forcing.k: expected a number > 0 and < 1, got ")]
    [InlineData("{schedule: inverse_sigmoid, k: 0.5}", "bad.yaml:3: training.forcing.k: expected a number >= 1, got ")]
    [InlineData("{schedule: piecewise, at: [0, 10], probabilities: [1]}", "bad.yaml:3: training.forcing.at: 2 points and 1 probabilities; expected as many of both, at least one")]
    [InlineData("{schedule: piecewise, at: [10, 5], probabilities: [1, 0.5]}", "bad.yaml:3: training.forcing.at: 5 after 10; expected points in ascending order")]
    [InlineData("{schedule: piecewise, at: [0, 10], probabilities: [1, 1.1]}", "bad.yaml:3: training.forcing.probabilities[1]: expected a number from 0 to 1, got ")]
    [InlineData("{schedule: always, probability: 0.5}", "bad.yaml:3: training.forcing.probability: unknown key; ")]
    [InlineData("{schedule: never, coin: word}", "bad.yaml:3: training.forcing.coin: expected one of token, sequence")]
    [InlineData("{schedule: never, feedback: beam}", "bad.yaml:3: training.forcing.feedback: expected one of argmax, sample")]
    [InlineData("{schedule: never, feedback_gradient: true}", "training.forcing.feedback_gradient: tokens carry no gradient; expected false")]
    [InlineData("{schedule: never, per: epoch}", "training.forcing.per: the examples of reversal have no end; expected step")]
    public void A_forcing_schedule_is_refused(string forcing, string message) => Refused(message, Reversal, Decoder, $"training: {{steps: 3, forcing: {forcing}}}");

    [Theory]
    [InlineData(Adding, Recurrent, "training.forcing: the model is never fed what it says to adding; forcing is for language models, encoder_decoder, and series whose target is the next input")]
    [InlineData("task: {name: sine, horizon: 2}", Recurrent, "training.forcing: the model is never fed what it says to sine")]
    [InlineData(Sine, "model: {name: window, window_size: 3}", "training.forcing: a model.name of window is trained on the truth alone; expected recurrent")]
    [InlineData(Sine, "model: {name: memoryless}", "training.forcing: a model.name of memoryless is trained on the truth alone; expected recurrent")]
    [InlineData(Sine, "model: {name: untied_rnn, max_length: 20}", "training.forcing: a model.name of untied_rnn is trained on the truth alone; expected recurrent")]
    public void Forcing_where_it_has_no_place_is_refused(string task, string model, string message)
        => Refused(message, task, model, "training: {steps: 3, forcing: {schedule: constant, probability: 0.5}}");

    [Fact]
    public void Forcing_that_a_model_s_steps_have_no_use_for_is_refused()
    {
        Refused(
            "training.forcing: with model.later_inputs: zeros no step is fed a token", "task: {name: captions}",
            "model: {name: encoder_decoder, attention: none, later_inputs: zeros}", "training: {steps: 3, forcing: {schedule: never}}");
        Refused("training.forcing.feedback: real values are fed back as they are, not drawn; expected argmax", Sine, Recurrent, "training: {steps: 3, forcing: {schedule: never, feedback: sample}}");
    }

    [Theory]
    [InlineData(Adding, "training: {epochs: 2}", "training.epochs: the examples of adding have no end; expected training.steps")]
    [InlineData(Adding, "training: {}", "training.epochs: the examples of adding have no end; expected training.steps")]
    [InlineData(Adding, "training: {steps: 3, learning_rate_decay: 0.9}", "training.learning_rate_decay: it acts at the end of a pass over the examples, and those of adding have no end; expected 1")]
    [InlineData(Adding, "training: {steps: 3, k1: 5}", "bad.yaml:3: training.k1: unknown key")]
    [InlineData(Adding, "training: {steps: 3, tape_memory: 5}", "training.tape_memory: a tape of 5 steps has no room: 12 steps in parts of")]
    public void A_training_is_refused(string task, string training, string message) => Refused(message, task, Recurrent, training);

    [Theory]
    [InlineData(Adding, Recurrent, "{free_running: 5}", "evaluation.free_running: adding is no series whose target is the next input, which a model could go on with; expected 0")]
    [InlineData(Reversal, Decoder, "{free_running: 5}", "evaluation.free_running: reversal is no series")]
    [InlineData(Sine, Recurrent, "{free_running: 5, warm_up: 17}", "evaluation.free_running: validation example 0 has 20 steps; expected warm_up (17) + free_running (5) - 1 = 21 at most 20")]
    [InlineData(Sine, "model: {name: untied_rnn, max_length: 20}", "{free_running: 5, warm_up: 5}", "evaluation.free_running: untied_rnn has no weights for steps beyond its own; expected 0")]
    [InlineData(Adding, Recurrent, "{sample_length: 5}", "bad.yaml:4: evaluation.sample_length: unknown key; evaluation knows interval, batch_size, samples, free_running, warm_up")]
    public void An_evaluation_is_refused(string task, string model, string evaluation, string message)
        => Refused(message, task, model, "training: {steps: 3, batch_size: 2}", $"evaluation: {evaluation}");

    [Theory]
    [InlineData(Adding, "{name: encoder_decoder}", "model.name: the targets of adding are no sequences of their own; expected one of recurrent, memoryless, window, untied_rnn")]
    [InlineData(Reversal, "{cell: gru}", "model.name: the targets of reversal are sequences of their own; expected encoder_decoder")]
    [InlineData(Causal, "{cell: gru, bidirectional: true}", "model.bidirectional: a target is to be told from what came before it alone")]
    [InlineData(Sine, "{cell: gru, bidirectional: true}", "model.bidirectional: a target is to be told from what came before it alone")]
    [InlineData(Sine, "{readout: mean}", "model.readout: there is a target at each step")]
    [InlineData(Adding, "{readout: middle}", "bad.yaml:2: model.readout: expected one of last, mean, max")]
    [InlineData(Adding, "{input: embedding}", "model.embedding_size: inputs are Reals, and only tokens are embedded")]
    [InlineData(Adding, "{window_size: 3}", "bad.yaml:2: model.window_size: unknown key")]
    [InlineData(Adding, "{name: window, cell: gru}", "bad.yaml:2: model.cell: unknown key")]
    [InlineData(Adding, "{name: untied_rnn}", "model.max_length: this key is required")]
    [InlineData(Adding, "{name: untied_rnn, max_length: 10}", "model.max_length: validation example 0 has 12 steps, the model weights for 10; expected at least 12")]
    [InlineData(Reversal, "{name: encoder_decoder, attention: luong_dot, attention_size: 8}", "bad.yaml:2: model.attention_size: only with attention: bahdanau or luong_concat, which have a layer of their own")]
    [InlineData(Reversal, "{name: encoder_decoder, attention: bahdanau, context: every_step}", "bad.yaml:2: model.context: only with attention: none")]
    [InlineData(Reversal, "{name: encoder_decoder, attention: luong}", "bad.yaml:2: model.attention: expected one of none, bahdanau, luong_dot, luong_general, luong_concat")]
    [InlineData(Reversal, "{name: encoder_decoder, attention: luong_dot, bidirectional: true, hidden_size: 8}", "model.attention: luong_dot needs an encoder's output as wide as the decoder's, not 16 and 8")]
    [InlineData(Reversal, "{name: encoder_decoder, attention: bahdanau, input_feeding: true}", "model.input_feeding: ")]
    [InlineData(Reversal, "{name: encoder_decoder, attention: none, tied_embeddings: true, hidden_size: 8, embedding_size: 6}", "model.tied_embeddings: the head sees 8 numbers, embedding_size is 6; expected embedding_size: 8")]
    [InlineData(Reversal, "{name: encoder_decoder, tied_embeddings: true, input: one_hot}", "model.tied_embeddings: there is no embedding")]
    [InlineData(Reversal, "{name: encoder_decoder, bridge: copy, bidirectional: true}", "model.bridge: copy takes the state of one direction, and the encoder is bidirectional; expected learned")]
    [InlineData(Reversal, "{name: encoder_decoder, bridge: copy, encoder_layers: 2}", "model.bridge: copy goes layer by layer, from 2 to 1")]
    [InlineData("task: {name: captions}", "{name: encoder_decoder}", "model.attention: the task's input is one vector")]
    public void A_model_that_does_not_suit_the_task_or_itself_is_refused(string task, string model, string message) => Refused(message, task, $"model: {model}");

    [Theory]
    [InlineData(Adding, "model: {name: window, window_size: 3}", "training.tape_memory: a model.name of window keeps its whole tape; expected full")]
    [InlineData(Reversal, Decoder, "training.tape_memory: a model.name of encoder_decoder keeps its whole tape; expected full")]
    public void A_bounded_tape_where_there_is_none_is_refused(string task, string model, string message)
        => Refused(message, task, model, "training: {steps: 3, tape_memory: sqrt}");

    [Theory]
    [InlineData(Pairs, "one\teins\ntwo zwei\n", "data.tsv:2: expected source TAB target, this line has no TAB")]
    [InlineData(Pairs, "one\teins\n\ntwo\tzwei\n", "data.tsv:2: expected source TAB target, this line has no TAB")]
    [InlineData(Pairs, "one\teins\n\tzwei\n", "data.tsv:2: the input is an empty sequence")]
    [InlineData(Pairs, "one\teins\ntwo\t \n", "data.tsv:2: the target is an empty sequence")]
    [InlineData(Pairs, "one\teins\n", "data.tsv: one example cannot be split into a training and a validation part; name a validation file")]
    [InlineData(Pairs, "", "data.tsv: the file is empty")]
    [InlineData(Pairs, "one\teins\ntwo\tzw\u00E9i\n", "data.tsv:2: this is not UTF-8 text (byte 15 of the file)", true)]
    [InlineData(Pairs, "one\teins\ntwo\0\tzwei\n", "data.tsv:2: a NUL (byte 12 of the file); expected UTF-8 text")]
    [InlineData("task: {name: tsv_pairs, file: data.tsv, max_length: 2}", "one\teins\na b c\tx\n", "data.tsv:2: a sequence of 3 symbols is over max_length 2")]
    [InlineData("task: {name: tsv_pairs, file: nowhere.tsv}", "", "nowhere.tsv: no such file")]
    [InlineData("task: {name: cmudict, file: data.tsv}", "ONE  W AH1 N\nTWO\n", "data.tsv:2: expected WORD and its phonemes, \"TWO\" has none")]
    public void A_file_of_sequence_pairs_is_refused_with_its_line(string task, string data, string message, bool latin = false)
    {
        File.WriteAllText(_folder.File("data.tsv"), data, latin ? System.Text.Encoding.Latin1 : new System.Text.UTF8Encoding(false));
        Refused(message, task, Decoder);
    }

    [Theory]
    [InlineData(Labelled, "text,label\ngood,yes\nbad\n", "data.csv:3: expected 2 columns, this record has 1")]
    [InlineData(Labelled, "text,label\ngood,yes\nbad,\n", "data.csv:3: the label is empty")]
    [InlineData(Labelled, "text,mark\ngood,yes\n", "data.csv:1: there is no column \"label\"; the columns are text, mark")]
    [InlineData("task: {name: labelled_text, file: data.csv, validation_file: other.csv}", "text,label\ngood,yes\nbad,no\n", "other.csv:2: the label \"perhaps\" is not in the training part, which has no, yes")]
    [InlineData(Columns, "x,y\n1,2\n3,four\n", "data.csv:3: expected a finite number in column \"y\", this is \"four\"")]
    [InlineData(Columns, "x,y\n1,2\n3,\n", "data.csv:3: the value of column \"y\" is missing")]
    [InlineData(Columns, "x,y\n1,2\n3,4\n", "data.csv: ")]
    [InlineData("task: {name: csv_series, file: data.csv, horizon: 0}", "x,y\n1,2\n3,4\n", "bad.yaml:1: task.horizon: with horizon 0 no target column may be an input column")]
    [InlineData("task: {name: conllu, file: data.csv}", "1\tA\tcolumn\n", "data.csv:1: expected 10 columns between TABs, this line has 3")]
    [InlineData("task: {name: piano_rolls, file: data.csv}", "{\"train\": [[[60], [20]]]}", "data.csv: train[0]: step 1: expected a note from 21 to 108, this is 20")]
    public void A_file_of_columns_or_notes_is_refused_with_its_line(string task, string data, string message)
    {
        File.WriteAllText(_folder.File("data.csv"), data);
        File.WriteAllText(_folder.File("other.csv"), "text,label\nfair,perhaps\n");
        Refused(message, task, Recurrent);
    }

    [Fact]
    public void Labels_of_another_length_than_the_images_are_refused()
    {
        File.WriteAllBytes(_folder.File("images.idx"), [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 7, 9]);
        File.WriteAllBytes(_folder.File("labels.idx"), [0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3]);
        Refused($"labels.idx: 3 labels for the 2 images of {_folder.File("images.idx")}", Images, Recurrent);
        File.WriteAllBytes(_folder.File("labels.idx"), [0, 0, 8, 1, 0, 0, 0, 2, 1]);
        Refused("labels.idx: expected 10 bytes for 2, the file has 9", Images, Recurrent);
        File.WriteAllBytes(_folder.File("labels.idx"), [0, 0, 8, 1, 0, 0, 0, 2, 1, 2]);
        Refused("bad.yaml:1: task.validation_images: validation_images and validation_labels are given together or not at all", $"{Images[..^1]}, validation_images: images.idx}}", Recurrent);
    }

    [Theory]
    [InlineData("bad.yaml:1: task.lenght: unknown key; did you mean length?", "train", "task: {name: adding, lenght: 5}", Recurrent)]
    [InlineData("data.tsv:2: expected source TAB target, this line has no TAB", "train", Pairs, Decoder)]
    [InlineData("model.name: the targets of reversal are sequences of their own; expected encoder_decoder", "train", Reversal, Recurrent)]
    [InlineData("model.name: the targets of reversal are sequences of their own; expected encoder_decoder", "gradcheck", Reversal, Recurrent)]
    [InlineData("model.max_length: validation example 0 has 12 steps", "gradcheck", Adding, "model: {name: untied_rnn, max_length: 10}")]
    [InlineData("inspect memory: the estimate is for language models; bad.yaml is of task adding", "inspect", Adding, Recurrent)]
    public void The_program_tells_it_in_one_line(string message, string verb, string task, string model)
    {
        File.WriteAllText(_folder.File("data.tsv"), "one\teins\ntwo zwei\n");
        Write(task, model, "training: {steps: 3}");
        Assert.Equal("", RnnlabProgram.Run(_folder.Path, [verb, .. verb == "inspect" ? new[] { "memory" } : [], "bad.yaml"]).RefusedWith(message).Output);
        Assert.False(Directory.Exists(_folder.File("runs")), "it left something behind");
    }

    private void Write(params string[] sections) => File.WriteAllLines(_folder.File("bad.yaml"), sections);

    [Fact]
    public void What_the_task_s_data_tell_is_refused_where_it_stands()
    {
        Write(Adding, Recurrent, "training: {epochs: 2}", "evaluation: {samples: 0}");
        var refusal = Assert.ThrowsAny<UserException>(() => ExampleExperiment.Create(ExperimentConfig.Load(_folder.File("bad.yaml"))));
        var line = Array.FindIndex(File.ReadAllLines(_folder.File("bad.yaml")), text => text.StartsWith("training", StringComparison.Ordinal)) + 1;
        Assert.Equal($"{_folder.File("bad.yaml")}:{line}: training.epochs: the examples of adding have no end; expected training.steps", refusal.Message);
    }

    private void Refused(string message, string task, string model, string training = "training: {steps: 3, batch_size: 2}", string evaluation = "evaluation: {samples: 0}")
    {
        Write(task, model, training, evaluation);
        var refusal = Assert.ThrowsAny<UserException>(() =>
        {
            using var run = TrainingRun.Start(ExperimentConfig.Load(_folder.File("bad.yaml")), _folder.File("runs"));
        });
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.False(Directory.Exists(_folder.File("runs")), "it left something behind");
    }
}
