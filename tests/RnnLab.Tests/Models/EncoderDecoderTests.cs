using RnnLab.Analysis;
using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Models;
using RnnLab.Models.Decoding;
using RnnLab.Randomness;
using RnnLab.Recurrence;
using RnnLab.Tasks;
using RnnLab.Tests.Support;
using RnnLab.Training.Optimizers;

namespace RnnLab.Tests.Models;

/// <summary>What encoder–decoders say, learn and refuse.</summary>
public sealed class EncoderDecoderTests
{
    public static TheoryData<string> Names => [.. EncoderDecoderProblem.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Padding_changes_nothing(string name)
    {
        using var scope = NewDisposeScope();
        using var model = EncoderDecoderProblem.Model(name);
        using var batch = EncoderDecoderProblem.Batch(name);
        var together = EncoderDecoderProblem.ByHand(model, batch, PassOptions.Default);
        var result = model.Evaluate(batch);
        Gradients.Zero(model.parameters());
        var (loss, sum) = (zeros([], ScalarType.Float64), 0.0);
        for (var b = 0; b < batch.Size; b++)
        {
            using var own = EncoderDecoderProblem.Of(batch.Examples[b]);
            using var pass = model.Forward(own, PassOptions.Default);
            pass.Backward(own.Scored / batch.Scored);
            loss += pass.Loss * (own.Scored / batch.Scored);
            var alone = model.Evaluate(own);
            sum += alone.LossSum;
            // Answers may be as long as the longest target lets them.
            var most = Math.Min(alone.Predictions[0].Tokens.Length, result.Predictions[b].Tokens.Length);
            Assert.Equal(alone.Predictions[0].Tokens[..most], result.Predictions[b].Tokens[..most]);
        }
        Same.Within(1e-10, together, EncoderDecoderProblem.Results(model, loss));
        Assert.Equal(sum, result.LossSum, 1e-10 * sum);
        Assert.Equal(batch.Scored, result.Scored);
        Same.Within(1e-12, together["loss"] * batch.Scored, tensor(result.LossSum));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Greedy_answers_equal_those_of_a_naive_loop(string name)
    {
        using var scope = NewDisposeScope();
        var settings = EncoderDecoderProblem.All[name] with { MaxLength = 5 };
        using var model = EncoderDecoderProblem.Model(EncoderDecoderProblem.ShapeOf(name), settings);
        Spread(model);
        using var batch = EncoderDecoderProblem.Batch(name);
        var reference = new EncoderDecoderReference(model, settings);
        var predictions = model.Evaluate(batch).Predictions;
        for (var b = 0; b < batch.Size; b++)
        {
            // Every answer anew from its beginning, by the model that is fed the truth: what it has said so far.
            using var own = EncoderDecoderProblem.Of(batch.Examples[b]);
            var said = new List<long>();
            while (said.Count < 5)
            {
                var targets = tensor([.. said, 0L]).unsqueeze(1);
                var next = reference.Logits(own.Inputs, own.Lengths, targets, PassOptions.Default).select(0, said.Count).argmax(1).item<long>();
                if (next == Vocabulary.EndIndex)
                    break;
                said.Add(next);
            }
            Assert.Equal(said, predictions[b].Tokens);
        }
    }

    [Theory]
    [InlineData("initial and every step, bidirectional", 2L, 0L, 0L, 3L, 1L, 1L)]
    [InlineData("additive", 2L, 0L, 0L, 3L, 1L, 1L)]
    [InlineData("general, input feeding, tied, bidirectional", 2L, 0L, 0L, 3L, 1L, 1L)]
    [InlineData("general, input feeding, tied, bidirectional", 3L, 1L, 0L, 2L)]
    public void Rows_of_a_state_can_be_reordered_and_repeated(string name, params long[] chosen)
    {
        using var scope = NewDisposeScope();
        using var model = EncoderDecoderProblem.Model(name);
        using var batch = EncoderDecoderProblem.Batch(name);
        using var start = model.Start(batch.Inputs, batch.Lengths);
        var (_, first) = model.Step(tensor(new long[] { 0, 0, 0, 0 }), start);
        var rows = tensor(chosen);
        using var selected = first.Select(rows);
        var tokens = tensor(new long[] { 2, 3, 4, 5 });
        var (logits, second) = model.Step(tokens, first);
        var (others, third) = model.Step(tokens.index_select(0, rows), selected);
        Same.Within(1e-14, logits.index_select(0, rows), others);
        // A state that was stepped from is as it was.
        Same.Exactly(logits, model.Step(tokens, first).Logits);
        first.Dispose();
        second.Dispose();
        using (third)
            Same.Within(1e-14, model.Step(tokens.index_select(0, rows), selected).Logits, others);
    }

    [Fact]
    public void Hypotheses_of_one_input_share_its_memory()
    {
        using var scope = NewDisposeScope();
        using var model = EncoderDecoderProblem.Model("additive");
        using var batch = EncoderDecoderProblem.Batch("additive");
        using var start = model.Start(batch.Inputs, batch.Lengths);
        using var beams = (EncoderDecoderState)start.Select(tensor(new long[] { 0, 0, 1, 1 }));
        using var reordered = (EncoderDecoderState)beams.Select(tensor(new long[] { 1, 1, 3, 2 }));
        using var fewer = (EncoderDecoderState)beams.Select(tensor(new long[] { 2, 3 }));
        Assert.NotSame(start.Memory, beams.Memory);
        Assert.Same(beams.Memory, reordered.Memory);
        Assert.NotSame(beams.Memory, fewer.Memory);
    }

    [Fact]
    public void A_state_tells_what_its_latest_step_attended_to()
    {
        using var scope = NewDisposeScope();
        using var model = EncoderDecoderProblem.Model("general");
        using var batch = EncoderDecoderProblem.Batch("general");
        using var start = model.Start(batch.Inputs, batch.Lengths);
        Assert.Null(start.Attention);
        var (_, after) = model.Step(tensor(new long[] { 0, 0, 0, 0 }), start);
        using var state = (EncoderDecoderState)after;
        Assert.Equal([4, 5], state.Attention!.shape);
        Same.Within(1e-14, ones([4], ScalarType.Float64), state.Attention.sum(1L));
        // Lengths are 3, 5, 1 and 4.
        Assert.Equal(0, state.Attention.select(0, 0).narrow(0, 3, 2).abs().max().item<double>());
        Assert.Equal(1, state.Attention.select(0, 2)[0].item<double>(), 1e-14);
        using var without = EncoderDecoderProblem.Model("initial");
        using var plain = (EncoderDecoderState)without.Step(tensor(new long[] { 0, 0, 0, 0 }), without.Start(batch.Inputs, batch.Lengths)).State;
        Assert.Null(plain.Attention);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(AttentionScore.General)]
    [InlineData(AttentionScore.Additive)]
    public void It_learns_to_reverse_strings_of_four(AttentionScore? attention)
    {
        using var scope = NewDisposeScope();
        var shape = new TaskShape(new(ValueKind.Tokens, 3), new(ValueKind.Tokens, 5), TargetPlace.OwnSteps);
        var settings = new EncoderDecoderSettings { NewCell = () => new GruCell(32), Attention = attention, EmbeddingSize = 8, Bidirectional = true };
        using var model = EncoderDecoderProblem.Model(shape, settings);
        using var adam = new Adam(model.named_parameters().Select(p => (p.name, p.parameter)), 1e-2);
        var stream = new RandomStream(1, "strings");
        Example String(ulong i)
        {
            long[] symbols = [.. Enumerable.Range(0, 4).Select(k => (long)(3 * stream.Uniform(i, (ulong)k)))];
            return new(new TokenSteps(symbols), new TokenSteps([.. symbols.Reverse().Select(symbol => symbol + 2)]));
        }
        for (var step = 0UL; step < 150; step++)
        {
            using var own = NewDisposeScope();
            using var batch = EncoderDecoderProblem.Of([.. Enumerable.Range(0, 32).Select(b => String(32 * step + (ulong)b))]);
            Gradients.Zero(model.parameters());
            using var pass = model.Forward(batch, PassOptions.Default);
            pass.Backward();
            adam.Step();
        }
        using var test = EncoderDecoderProblem.Of([.. Enumerable.Range(0, 50).Select(b => String(100_000 + (ulong)b))]);
        var result = model.Evaluate(test);
        Assert.True(result.LossSum / result.Scored < 0.1, $"loss {result.LossSum / result.Scored}");
        var right = test.Examples.Zip(result.Predictions).Count(p => ((TokenSteps)p.First.Target).Values.SequenceEqual(p.Second.Tokens));
        Assert.InRange(right, 45, 50);
    }

    [Fact]
    public void Parameters_have_the_names_of_PyTorchs_modules_and_encoder_and_decoder_start_apart()
    {
        using var scope = NewDisposeScope();
        var settings = new EncoderDecoderSettings { NewCell = () => new GruCell(3), EmbeddingSize = 3, Attention = AttentionScore.Dot };
        var shape = new TaskShape(new(ValueKind.Tokens, 6), new(ValueKind.Tokens, 6), TargetPlace.OwnSteps);
        using var model = EncoderDecoderProblem.Model(shape, settings);
        string[] rnn = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"];
        var parameters = model.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        Assert.Equal(
            new[] { "encoder.embedding.weight", "decoder.embedding.weight", "bridge.h_l0.weight", "bridge.h_l0.bias", "combine.weight", "linear.weight", "linear.bias" }
                .Concat(rnn.Select(name => $"encoder.rnn.{name}")).Concat(rnn.Select(name => $"decoder.rnn.{name}")).Order(),
            parameters.Keys.Order());
        Assert.All(["embedding.weight", "rnn.weight_ih_l0"], name => Assert.True(Difference.Of(parameters[$"encoder.{name}"], parameters[$"decoder.{name}"]) > 0.1));
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "one vector", "attention" }, { "one vector", "bidirectional" }, { "one vector", "bridge" }, { "tokens", "bridge bidirectional" }, { "tokens", "bridge layers" },
        { "tokens", "context attention" }, { "tokens", "context none" }, { "tokens", "input_feeding none" }, { "tokens", "input_feeding additive" },
        { "tokens", "tied_embeddings one-hot" }, { "tokens", "tied_embeddings zeros" }, { "tokens", "tied_embeddings width" }, { "tokens", "attention dot" },
        { "tokens", "attention_size" }, { "tokens", "attention_size zero" }, { "tokens", "encoder_layers" }, { "tokens", "decoder_layers" }, { "tokens", "embedding_size" },
        { "tokens", "max_length" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Settings_that_do_not_go_together_are_refused_by_name(string input, string mistake)
    {
        var good = new EncoderDecoderSettings { NewCell = () => new GruCell(4), EmbeddingSize = 4 };
        var settings = mistake switch
        {
            "attention" => good with { Attention = AttentionScore.Additive },
            "bidirectional" => good with { Bidirectional = true },
            "bridge" => good with { Bridge = BridgeForm.Copy },
            "bridge bidirectional" => good with { Bridge = BridgeForm.Copy, Bidirectional = true },
            "bridge layers" => good with { Bridge = BridgeForm.Copy, EncoderLayers = 2 },
            "context attention" => good with { Context = new(true, true), Attention = AttentionScore.Dot },
            "context none" => good with { Context = new(false) },
            "input_feeding none" => good with { InputFeeding = true },
            "input_feeding additive" => good with { InputFeeding = true, Attention = AttentionScore.Additive },
            "tied_embeddings one-hot" => good with { TiedEmbeddings = true, EmbeddingSize = null },
            "tied_embeddings zeros" => good with { TiedEmbeddings = true, LaterInputs = LaterInputs.Zeros },
            "tied_embeddings width" => good with { TiedEmbeddings = true, EmbeddingSize = 5 },
            "attention dot" => good with { Attention = AttentionScore.Dot, Bidirectional = true },
            "attention_size" => good with { Attention = AttentionScore.General, AttentionSize = 3 },
            "attention_size zero" => good with { Attention = AttentionScore.Additive, AttentionSize = 0 },
            "encoder_layers" => good with { EncoderLayers = 0 },
            "decoder_layers" => good with { DecoderLayers = 0 },
            "embedding_size" => good with { EmbeddingSize = 0 },
            "max_length" => good with { MaxLength = 0 },
            _ => throw new ArgumentException(mistake),
        };
        using var accepted = EncoderDecoderProblem.Model(EncoderDecoderProblem.ShapeOf(input), good);
        var error = Assert.Throws<ArgumentException>(() => EncoderDecoderProblem.Model(EncoderDecoderProblem.ShapeOf(input), settings));
        Assert.StartsWith($"{mistake.Split(' ')[0]}: ", error.Message);
        Assert.Contains("expected", error.Message);
    }

    [Fact]
    public void Tasks_of_another_shape_and_strange_states_are_refused()
    {
        using var scope = NewDisposeScope();
        var good = EncoderDecoderProblem.All["one vector"];
        var tagging = EncoderDecoderProblem.ShapeOf("tokens") with { Place = TargetPlace.EachStep };
        Assert.Contains("sequences of tokens of their own", Assert.Throws<ArgumentException>(() => EncoderDecoderProblem.Model(tagging, good)).Message);
        using var model = EncoderDecoderProblem.Model("one vector");
        using var foreign = new ForeignState();
        Assert.Contains("not an encoder-decoder's", Assert.Throws<ArgumentException>(() => model.Step(tensor(new long[] { 0 }), foreign)).Message);
        Assert.Contains("2 steps", Assert.Throws<ArgumentException>(() => model.Start(Draw.Uniform("x", 2, 1, EncoderDecoderProblem.Inputs), null)).Message);
    }

    private sealed class ForeignState : DecoderState
    {
        public override DecoderState Select(Tensor rows) => this;

        public override void Dispose()
        {
        }
    }

    /// <summary>Parameters so large that answers differ from input to input.</summary>
    private static void Spread(EncoderDecoderModel model)
    {
        using var no_grad = torch.no_grad();
        foreach (var p in model.parameters())
            p.mul_(3);
    }
}
