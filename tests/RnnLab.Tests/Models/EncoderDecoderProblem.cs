using RnnLab.Cells;
using RnnLab.Forcing;
using RnnLab.Layers;
using RnnLab.Models;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Sequences;
using RnnLab.Tasks;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Models;

/// <summary>Small models of every combination of settings, and batches for them.</summary>
internal static class EncoderDecoderProblem
{
    public const int Inputs = 5, Targets = 6, Width = 4;

    private static readonly EncoderDecoderSettings Lstm = new() { NewCell = () => new LstmCell(Width), EmbeddingSize = 3 };
    private static readonly EncoderDecoderSettings Gru = new() { NewCell = () => new GruCell(Width) };

    /// <summary>Settings by name; names with "vectors" read vectors, those that begin with "one" have a single input.</summary>
    public static Dictionary<string, EncoderDecoderSettings> All { get; } = new()
    {
        ["initial"] = Gru,
        ["initial and every step, bidirectional"] = Lstm with { Context = new(true, true), Bidirectional = true, EncoderLayers = 2 },
        ["every step alone"] = Lstm with { Context = new(false, true) },
        ["copied states"] = Lstm with { Bridge = BridgeForm.Copy, EncoderLayers = 2, DecoderLayers = 2 },
        ["more decoder layers"] = Lstm with { DecoderLayers = 3, Context = new(true, true) },
        ["tied without attention"] = Gru with { EmbeddingSize = Width, TiedEmbeddings = true },
        ["zeros as inputs"] = Lstm with { LaterInputs = LaterInputs.Zeros },
        ["vectors"] = Gru with { Bidirectional = true },
        ["one vector"] = Lstm,
        ["one token"] = Gru with { EmbeddingSize = 3 },
        ["one vector at every step"] = Gru with { Context = new(true, true), DecoderLayers = 2 },
        ["one vector, zeros as inputs"] = Lstm with { LaterInputs = LaterInputs.Zeros },
        ["one vector at every step, zeros as inputs"] = Gru with { LaterInputs = LaterInputs.Zeros, Context = new(false, true) },
        ["additive"] = Lstm with { Attention = AttentionScore.Additive, AttentionSize = 3, Bidirectional = true },
        ["additive without a bridge"] = Gru with { Attention = AttentionScore.Additive, Context = new(false), EncoderLayers = 2 },
        ["additive, skip"] = Lstm with { Attention = AttentionScore.Additive, DecoderLayers = 2, EncoderLayers = 2, Connection = StackConnection.Skip },
        ["additive, residual"] = Gru with { Attention = AttentionScore.Additive, DecoderLayers = 2, EncoderLayers = 2, Connection = StackConnection.Residual },
        ["additive over vectors, zeros as inputs"] = Lstm with { Attention = AttentionScore.Additive, LaterInputs = LaterInputs.Zeros },
        ["dot"] = Gru with { Attention = AttentionScore.Dot, EncoderLayers = 2, DecoderLayers = 2 },
        ["general"] = Lstm with { Attention = AttentionScore.General, Bidirectional = true },
        ["concat"] = Lstm with { Attention = AttentionScore.Concat },
        ["dot, input feeding"] = Lstm with { Attention = AttentionScore.Dot, InputFeeding = true },
        ["general, input feeding, tied, bidirectional"] =
            Lstm with { Attention = AttentionScore.General, InputFeeding = true, TiedEmbeddings = true, EmbeddingSize = Width, Bidirectional = true },
        ["concat, input feeding, copied states"] = Gru with { Attention = AttentionScore.Concat, AttentionSize = 5, InputFeeding = true, Bridge = BridgeForm.Copy },
        ["general, input feeding, zeros as inputs, skip"] =
            Gru with { Attention = AttentionScore.General, InputFeeding = true, LaterInputs = LaterInputs.Zeros, DecoderLayers = 2, Connection = StackConnection.Skip },
        ["general over vectors"] = Gru with { Attention = AttentionScore.General },
    };

    /// <summary>Forcing by name.</summary>
    public static Dictionary<string, TeacherForcing?> Forcing { get; } = new()
    {
        ["always"] = null,
        ["half, argmax"] = new(0.5, Seed: 3),
        ["half, sampled"] = new(0.5, Choice: FeedbackChoice.Sample, Seed: 3),
        ["half of the sequences"] = new(0.5, CoinUnit.Sequence, Seed: 4),
        ["never"] = new(0),
    };

    public static EncoderDecoderModel Model(string name) => Model(ShapeOf(name), All[name]);

    public static EncoderDecoderModel Model(TaskShape shape, EncoderDecoderSettings settings)
    {
        var model = EncoderDecoderModel.Create(shape, settings, 5, ScalarType.Float64, CPU);
        model.eval();
        return model;
    }

    public static TaskShape ShapeOf(string name)
        => new(new(name.Contains("vector") ? ValueKind.Reals : ValueKind.Tokens, Inputs), new(ValueKind.Tokens, Targets), TargetPlace.OwnSteps)
        {
            HasSingleInput = name.StartsWith("one "),
        };

    /// <summary>Four examples of unequal inputs and targets.</summary>
    public static SequenceBatch Batch(string name) => Of(Examples(name));

    public static Example[] Examples(string name)
    {
        var shape = ShapeOf(name);
        int[] inputs = [3, 5, 1, 4], targets = [2, 4, 3, 0];
        return [.. inputs.Select((length, b) =>
        {
            var steps = shape.HasSingleInput ? 1 : length;
            var target = Draw.Tokens($"target {b}", Targets - 2, targets[b]).add(2L).data<long>().ToArray();
            return shape.Input.Kind == ValueKind.Tokens
                ? new Example(new TokenSteps(Draw.Tokens($"input {b}", Inputs, steps).data<long>().ToArray()), new TokenSteps(target))
                : new Example(new RealSteps(Draw.Uniform($"input {b}", steps, Inputs).data<double>().ToArray(), Inputs), new TokenSteps(target));
        })];
    }

    /// <summary>A batch in float64, padded, each target with its end mark.</summary>
    public static SequenceBatch Of(params Example[] examples)
    {
        var (S, T, B) = (examples.Max(e => e.Input.Length), examples.Max(e => e.Target.Length) + 1, examples.Length);
        var (targets, weights) = (zeros([T, B], ScalarType.Int64), zeros([T, B], ScalarType.Float64));
        var inputs = examples[0].Input is RealSteps reals ? zeros([S, B, reals.Width], ScalarType.Float64) : zeros([S, B], ScalarType.Int64);
        for (var b = 0; b < B; b++)
        {
            var steps = examples[b].Input.Length;
            var values = examples[b].Input is RealSteps own ? tensor(own.Values, [steps, own.Width]) : tensor(((TokenSteps)examples[b].Input).Values);
            inputs.select(1, b).narrow(0, 0, steps).copy_(values);
            long[] said = [.. ((TokenSteps)examples[b].Target).Values, Vocabulary.EndIndex];
            targets.select(1, b).narrow(0, 0, said.Length).copy_(tensor(said));
            weights.select(1, b).narrow(0, 0, said.Length).fill_(1);
        }
        var lengths = SequenceLengths.Of([.. examples.Select(e => (long)e.Input.Length)]);
        return new(examples, inputs, examples.All(e => e.Input.Length == S) ? null : lengths, targets, weights, weights.sum().item<double>());
    }

    /// <summary>The loss and all gradients by the model's own passes.</summary>
    public static Dictionary<string, Tensor> ByHand(EncoderDecoderModel model, SequenceBatch batch, PassOptions options, double scale = 1)
    {
        Gradients.Zero(model.parameters());
        using var pass = model.Forward(batch, options);
        pass.Backward(scale);
        return Results(model, pass.Loss.clone());
    }

    /// <summary>The loss and the gradients that the parameters hold.</summary>
    public static Dictionary<string, Tensor> Results(EncoderDecoderModel model, Tensor loss)
    {
        var all = model.named_parameters().ToDictionary(p => p.name, p => Gradients.Of(p.parameter).clone());
        all["loss"] = loss;
        return all;
    }
}
