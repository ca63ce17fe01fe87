using System.Runtime.InteropServices;
using RnnLab.Cells;
using RnnLab.Forcing;
using RnnLab.Layers;
using RnnLab.Models;
using RnnLab.Randomness;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Sequences;
using RnnLab.Tasks;
using RnnLab.Tests.Support;
using RnnLab.Training.Optimizers;

namespace RnnLab.Tests.Models;

/// <summary>What a model with a target at each step or one for the whole says, and what it refuses.</summary>
public sealed class SequenceModelTests
{
    private static readonly TaskShape Tagging = SequenceProblem.Shape(ValueKind.Tokens, ValueKind.Tokens, TargetPlace.EachStep);
    private static readonly TaskShape Series = new(new(ValueKind.Reals, 2), new(ValueKind.Reals, 2), TargetPlace.EachStep) { IsAutoregressive = true };

    private static SequenceModel Made(TaskShape shape, SequenceModelSettings settings) => SequenceModel.Create(shape, settings, 5, ScalarType.Float64, CPU);

    private static string Refused(TaskShape shape, SequenceModelSettings settings) => Assert.Throws<ArgumentException>(() => Made(shape, settings)).Message;

    [Fact]
    public void A_bidirectional_cores_last_readout_is_its_final_states()
    {
        using var scope = NewDisposeScope();
        var shape = SequenceProblem.Shape(ValueKind.Reals, ValueKind.Reals, TargetPlace.Sequence);
        var problem = new SequenceProblem(SequenceProblem.Cores["gru both ways"], shape, unequal: true);
        var rnn = ((RecurrentCore)problem.Model.Core).Rnn;
        var (y, state) = rnn.Forward(problem.Batch.Inputs, rnn.ZeroState(SequenceProblem.B), options: new() { Lengths = problem.Batch.Lengths });
        var last = problem.Model.Readout.Forward(y, problem.Batch.Lengths, out _);
        Same.Exactly(cat([state.Layers[^2].H, state.Layers[^1].H], 1), last);
    }

    [Fact]
    public void Predictions_are_the_outputs_of_each_examples_own_steps()
    {
        using var scope = NewDisposeScope();
        var problem = new SequenceProblem(SequenceProblem.Cores["gru both ways"], Tagging, unequal: true);
        var result = problem.Model.Evaluate(problem.Batch);
        Assert.Equal(problem.Batch.Lengths!.Values.Select(length => (int)length * SequenceProblem.K), result.Predictions.Select(p => p.Outputs.Length));
        Assert.All(result.Predictions, p => Assert.Equal(
            p.Outputs.Chunk(SequenceProblem.K).Select(logits => (long)Array.IndexOf(logits, logits.Max())), p.Tokens));
        Assert.All(result.Predictions, p => Assert.Equal(SequenceProblem.K, p.Width));
        var whole = new SequenceProblem(SequenceProblem.Cores["memoryless"], SequenceProblem.Shape(ValueKind.Reals, ValueKind.Reals, TargetPlace.Sequence), unequal: true);
        var answers = whole.Model.Evaluate(whole.Batch).Predictions;
        Assert.All(answers, p => Assert.Equal((SequenceProblem.K, 0), (p.Outputs.Length, p.Tokens.Length)));
        Assert.Equal(whole.Batch.Scored, whole.Model.Evaluate(whole.Batch).Scored);
    }

    [Theory]
    [InlineData(SequenceModelKind.Recurrent), InlineData(SequenceModelKind.Window), InlineData(SequenceModelKind.Memoryless)]
    public void A_forecast_equals_running_again_over_all_that_was_said(SequenceModelKind kind)
    {
        using var scope = NewDisposeScope();
        var recurrent = kind == SequenceModelKind.Recurrent;
        using var model = Made(Series, new()
        {
            Kind = kind, NewCell = recurrent ? () => new LstmCell(4) : null, Layers = 2, HiddenSize = recurrent ? null : 4,
            WindowSize = kind == SequenceModelKind.Window ? 5 : null,
        });
        foreach (var steps in (int[])[1, 7])
        {
            var history = Draw.Uniform("history", steps, 3, 2);
            var (all, said) = (history, new List<Tensor>());
            for (var t = 0; t < 4; t++)
            {
                using var batch = new SequenceBatch(new Example[3], all.alias(), null, zeros_like(all), null, 3 * all.shape[0]);
                var rows = model.Evaluate(batch).Predictions.Select(p => tensor(p.Outputs[^2..])).ToArray();
                said.Add(stack(rows));
                all = cat([all, said[^1].unsqueeze(0)], 0);
            }
            Same.Within(1e-12, stack(said), model.Continue(history, 4));
        }
    }

    [Fact]
    public void Only_a_series_of_real_vectors_goes_on_by_itself()
    {
        using var scope = NewDisposeScope();
        var reals = SequenceProblem.Shape(ValueKind.Reals, ValueKind.Reals, TargetPlace.EachStep);
        var memoryless = SequenceProblem.Cores["memoryless"];
        foreach (var shape in (TaskShape[])[reals, reals with { IsAutoregressive = true }])
        {
            using var none = Made(shape, memoryless);
            var refusal = Assert.Throws<InvalidOperationException>(() => none.Continue(zeros([2, 1, 2], ScalarType.Float64), 1));
            Assert.Contains("cannot go on by itself", refusal.Message, StringComparison.Ordinal);
        }
        using var untied = Made(Series, SequenceProblem.Cores["untied"]);
        Assert.Throws<InvalidOperationException>(() => untied.Continue(zeros([2, 1, 2], ScalarType.Float64), 1));
        using var model = Made(Series, memoryless);
        Assert.Throws<ArgumentException>(() => model.Continue(zeros([2, 1, 3], ScalarType.Float64), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Continue(zeros([2, 1, 2], ScalarType.Float64), 0));
    }

    [Fact]
    public void Own_outputs_are_fed_only_where_they_are_inputs()
    {
        using var scope = NewDisposeScope();
        var forced = new PassOptions { Forcing = new TeacherForcing(0.5) };
        var tagging = new SequenceProblem(SequenceProblem.Cores["lstm"], Tagging, unequal: false);
        Assert.StartsWith("forcing: ", Assert.Throws<ArgumentException>(() => tagging.Model.Forward(tagging.Batch, forced)).Message, StringComparison.Ordinal);
        using var always = tagging.Model.Forward(tagging.Batch, new PassOptions { Forcing = new TeacherForcing(1) });
        Assert.Equal(tagging.LossNow(), always.Loss.item<double>());
        var window = new SequenceProblem(SequenceProblem.Cores["window"], SequenceProblem.Shape(ValueKind.Reals, ValueKind.Reals, TargetPlace.EachStep) with
        {
            Target = new(ValueKind.Reals, 2), IsAutoregressive = true,
        }, unequal: false);
        Assert.StartsWith("forcing: ", Assert.Throws<ArgumentException>(() => window.Model.Forward(window.Batch, forced)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_series_that_is_never_fed_the_truth_is_a_forecast_from_its_first_step()
    {
        using var scope = NewDisposeScope();
        using var model = Made(Series, new() { NewCell = () => new GruCell(4), Layers = 2 });
        var (x, target) = (Draw.Uniform("x", 6, 3, 2), Draw.Uniform("target", 6, 3, 2));
        using var batch = new SequenceBatch(new Example[3], x, null, target, null, 18);
        using var pass = model.Forward(batch, new PassOptions { Forcing = new TeacherForcing(0) });
        Same.Within(1e-12, (model.Continue(x.narrow(0, 0, 1), 6) - target).square().mean(), pass.Loss);
        pass.Backward();
        Assert.All(model.parameters(), p => Assert.True(Gradients.Of(p).abs().max().item<double>() > 1e-6));
    }

    [Fact]
    public void A_window_looks_back_as_far_as_it_is_long_and_no_farther()
    {
        using var scope = NewDisposeScope();
        using var model = Made(Series, SequenceProblem.Cores["window"]);
        var x = Draw.Uniform("x", 8, 1, 2);
        double[] Said(Tensor inputs)
        {
            using var batch = new SequenceBatch(new Example[1], inputs.alias(), null, zeros_like(inputs), null, 8);
            return model.Evaluate(batch).Predictions[0].Outputs;
        }
        var (before, changed) = (Said(x), x.clone());
        changed.select(0, 2).add_(1.0);
        var changes = Said(changed).Zip(before, (a, b) => a != b).Chunk(2).Select(step => step.Any(own => own)).ToArray();
        Assert.Equal([false, false, true, true, true, false, false, false], changes);
    }

    [Fact]
    public void Parameters_have_pytorchs_names()
    {
        using var recurrent = Made(Tagging, new() { NewCell = () => new LstmCell(4), EmbeddingSize = 3 });
        Assert.Equal(
            ["embedding.weight", "rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0", "rnn.bias_hh_l0", "linear.weight", "linear.bias"],
            recurrent.named_parameters().Select(p => p.name));
        using var memoryless = Made(Tagging, SequenceProblem.Cores["memoryless"]);
        Assert.Equal(
            ["hidden.0.weight", "hidden.0.bias", "hidden.1.weight", "hidden.1.bias", "linear.weight", "linear.bias"], memoryless.named_parameters().Select(p => p.name));
        using var untied = Made(Tagging, SequenceProblem.Cores["untied"]);
        Assert.Equal(["rnn.weight_ih", "rnn.weight_hh", "rnn.bias_ih", "rnn.bias_hh", "linear.weight", "linear.bias"], untied.named_parameters().Select(p => p.name));
    }

    [Fact]
    public void Training_mode_reaches_the_recurrence()
    {
        using var model = Made(Tagging, SequenceProblem.Cores["lstm"]);
        model.eval();
        Assert.False(((RecurrentCore)model.Core).Rnn.training);
    }

    [Fact]
    public void Settings_that_do_not_fit_are_named()
    {
        var recurrent = new SequenceModelSettings { NewCell = () => new GruCell(3) };
        var (memoryless, window, untied) = (SequenceProblem.Cores["memoryless"], SequenceProblem.Cores["window"], SequenceProblem.Cores["untied"]);
        var reals = SequenceProblem.Shape(ValueKind.Reals, ValueKind.Reals, TargetPlace.EachStep);
        (string Setting, TaskShape Shape, SequenceModelSettings Settings)[] wrong =
        [
            ("cell", Tagging, new()), ("cell", Tagging, memoryless with { NewCell = () => new GruCell(3) }),
            ("hidden_size", Tagging, recurrent with { HiddenSize = 3 }), ("hidden_size", Tagging, memoryless with { HiddenSize = null }),
            ("hidden_size", Tagging, memoryless with { HiddenSize = 0 }), ("window_size", Tagging, window with { WindowSize = null }),
            ("window_size", Tagging, memoryless with { WindowSize = 2 }), ("window_size", Tagging, window with { WindowSize = 0 }),
            ("untied_steps", Tagging, untied with { UntiedSteps = null }), ("untied_steps", Tagging, recurrent with { UntiedSteps = 3 }),
            ("num_layers", Tagging, untied with { Layers = 2 }), ("num_layers", Tagging, recurrent with { Layers = 0 }),
            ("bidirectional", Tagging, window with { Bidirectional = true }), ("bidirectional", Tagging with { IsCausal = true }, recurrent with { Bidirectional = true }),
            ("bidirectional", Series, recurrent with { Bidirectional = true }),
            ("dropout", Tagging, window with { Dropout = 0.1 }), ("locked_dropout", Tagging, window with { LockedDropout = true }),
            ("init", Tagging, window with { Initialization = Initialization.PyTorch }), ("connection", Tagging, untied with { Connection = StackConnection.Skip }),
            ("regularization", Tagging, untied with { Regularization = new() { ZoneoutH = 0.1 } }), ("tape_memory", Tagging, untied with { TapeMemory = TapeMemory.Full }),
            ("nonlinearity", Tagging, recurrent with { Nonlinearity = Nonlinearity.Relu }), ("bias", Tagging, memoryless with { Bias = false }),
            ("embedding_size", reals, recurrent with { EmbeddingSize = 3 }), ("embedding_size", Tagging, recurrent with { EmbeddingSize = 0 }),
            ("readout", Tagging, recurrent with { Readout = SequenceReadout.Mean }),
        ];
        Assert.All(wrong, w => Assert.StartsWith($"{w.Setting}: ", Refused(w.Shape, w.Settings), StringComparison.Ordinal));
        Assert.Contains("encoder", Refused(Tagging with { Place = TargetPlace.OwnSteps }, recurrent), StringComparison.Ordinal);
    }

    [Fact]
    public void Batches_of_another_form_are_refused()
    {
        using var scope = NewDisposeScope();
        using var model = Made(Tagging, SequenceProblem.Cores["untied"]);
        SequenceBatch Batch(long[] inputs, long[] targets, long[]? weights = null)
        {
            var ofWeights = weights is null ? null : ones(weights, ScalarType.Float64);
            return new(new Example[inputs[1]], zeros(inputs, ScalarType.Int64), null, zeros(targets, ScalarType.Int64), ofWeights, 1);
        }
        foreach (var batch in (SequenceBatch[])[Batch([4, 2, 5], [4, 2]), Batch([4, 2], [4, 3]), Batch([4, 2], [2]), Batch([4, 2], [4, 2], [2])])
            Assert.Throws<ArgumentException>(() => model.Evaluate(batch));
        Assert.Contains("7 steps", Assert.Throws<UserException>(() => model.Forward(Batch([7, 2], [7, 2]), PassOptions.Default)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pass_goes_back_once_and_keeps_its_loss()
    {
        using var scope = NewDisposeScope();
        var problem = new SequenceProblem(SequenceProblem.Cores["untied"], Tagging, unequal: false);
        using var pass = problem.Model.Forward(problem.Batch, PassOptions.Default);
        pass.Backward();
        Assert.Equal(problem.LossNow(), pass.Loss.item<double>());
        Assert.Contains("run the forward again", Assert.Throws<InvalidOperationException>(() => pass.Backward()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_is_scored_there_is_no_loss_and_no_gradient()
    {
        using var scope = NewDisposeScope();
        var problem = new SequenceProblem(SequenceProblem.Cores["lstm"], Tagging, unequal: false);
        var batch = problem.Batch with { Weights = zeros([SequenceProblem.T, SequenceProblem.B], ScalarType.Float64), Scored = 0 };
        using var pass = problem.Model.Forward(batch, PassOptions.Default);
        pass.Backward();
        Assert.Equal(0, pass.Loss.item<double>());
        Assert.All(problem.Model.parameters(), p => Assert.Equal(0, Gradients.Of(p).abs().max().item<double>()));
    }

    [Fact]
    public void A_small_model_learns_which_of_two_marks_came_first()
    {
        using var scope = NewDisposeScope();
        var shape = new TaskShape(new(ValueKind.Tokens, 4), new(ValueKind.Tokens, 2), TargetPlace.Sequence);
        using var model = SequenceModel.Create(shape, new() { NewCell = () => new GruCell(16), EmbeddingSize = 4 }, 1, ScalarType.Float32, CPU);
        using var optimizer = new Adam(model.named_parameters(), 0.02);
        for (var step = 0; step < 150; step++)
        {
            using var batch = Marks(step, 32);
            Gradients.Zero(model.parameters());
            using var pass = model.Forward(batch, PassOptions.Default);
            pass.Backward();
            optimizer.Step();
        }
        using var unseen = Marks(1_000_000, 200);
        var result = model.Evaluate(unseen);
        var targets = MemoryMarshal.Cast<byte, long>(unseen.Targets.bytes).ToArray();
        Assert.InRange(result.LossSum / result.Scored, 0, 0.1);
        Assert.True(result.Predictions.Zip(targets, (p, target) => p.Tokens[0] == target).Count(right => right) >= 195);
    }

    /// <summary>Sequences of noise 0 and 1 with the marks 2 and 3 in them; the class is whether 3 comes first.</summary>
    private static SequenceBatch Marks(int number, int size)
    {
        var stream = new RandomStream(3, "marks");
        var (lengths, ids, classes) = (new long[size], new long[12 * size], new long[size]);
        for (var b = 0; b < size; b++)
        {
            var index = 0UL;
            int Next(int below) => (int)(stream.Uniform((ulong)(number * 1000L + b), index++) * below);
            lengths[b] = 6 + Next(7);
            for (var t = 0; t < lengths[b]; t++)
                ids[t * size + b] = Next(2);
            var first = Next((int)lengths[b] - 1);
            var second = first + 1 + Next((int)lengths[b] - 1 - first);
            classes[b] = Next(2);
            (ids[first * size + b], ids[second * size + b]) = (2 + classes[b], 3 - classes[b]);
        }
        return new(new Example[size], tensor(ids, [12, size]).DetachFromDisposeScope(), SequenceLengths.Of(lengths), tensor(classes).DetachFromDisposeScope(), null, size);
    }
}
