using System.Runtime.InteropServices;
using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Batches;

public sealed class CollationTests
{
    private static readonly ValueShape Tokens5 = new(ValueKind.Tokens, 5), Reals2 = new(ValueKind.Reals, 2), Bits2 = new(ValueKind.Bits, 2);

    private static TokenSteps T(params long[] tokens) => new(tokens);

    private static RealSteps R(params double[] values) => new(values, 2);

    private static double[] Values(Tensor x) => MemoryMarshal.Cast<byte, double>(x.to(ScalarType.Float64).contiguous().bytes).ToArray();

    [Fact]
    public void Unequal_sequences_stand_side_by_side_with_zeros_and_no_weight_beyond_their_ends()
    {
        TaskShape shape = new(Tokens5, Reals2, TargetPlace.EachStep);
        using var batch = Collation.Of([new(T(1, 2, 3), R(1, 2, 3, 4, 5, 6)), new(T(4), R(7, 8))], shape, ScalarType.Float64, CPU);
        Assert.Equal([3, 2], batch.Inputs.shape);
        Assert.Equal(ScalarType.Int64, batch.Inputs.dtype);
        Assert.Equal([1, 4, 2, 0, 3, 0], Values(batch.Inputs));
        Assert.Equal([3L, 1L], batch.Lengths!.Values);
        Assert.Equal([3, 2, 2], batch.Targets.shape);
        Assert.Equal([1, 2, 7, 8, 3, 4, 0, 0, 5, 6, 0, 0], Values(batch.Targets));
        Assert.Equal([3, 2], batch.Weights!.shape);
        Assert.Equal([1, 1, 1, 0, 1, 0], Values(batch.Weights));
        Assert.Equal((4.0, 2, 3L), (batch.Scored, batch.Size, batch.Steps));
    }

    [Fact]
    public void Equal_sequences_have_neither_lengths_nor_weights()
    {
        TaskShape shape = new(Reals2, Tokens5, TargetPlace.EachStep);
        using var batch = Collation.Of([new(R(1, 2), T(3)), new(R(3, 4), T(4), [1])], shape, ScalarType.Float32, CPU);
        Assert.Null(batch.Lengths);
        Assert.Null(batch.Weights);
        Assert.Equal(2, batch.Scored);
        Assert.Equal(ScalarType.Float32, batch.Inputs.dtype);
        Assert.Equal([1, 2, 3, 4], Values(batch.Inputs));
    }

    [Fact]
    public void Weights_of_the_examples_count()
    {
        TaskShape shape = new(Tokens5, Tokens5, TargetPlace.EachStep);
        using var batch = Collation.Of([new(T(1, 2), T(1, 2), [0, 0.5f]), new(T(1, 2), T(3, 4))], shape, ScalarType.Float64, CPU);
        Assert.Null(batch.Lengths);
        Assert.Equal([0, 1, 0.5, 1], Values(batch.Weights!));
        Assert.Equal(2.5, batch.Scored);
    }

    [Fact]
    public void A_target_for_the_whole_has_no_step_and_no_weights_whatever_the_lengths()
    {
        using var classes = Collation.Of([new(R(1, 2, 3, 4), T(3)), new(R(1, 2), T(4))], new(Reals2, Tokens5, TargetPlace.Sequence), ScalarType.Float64, CPU);
        Assert.Equal([2], classes.Targets.shape);
        Assert.Equal([3, 4], Values(classes.Targets));
        Assert.Equal([2L, 1L], classes.Lengths!.Values);
        Assert.Null(classes.Weights);
        Assert.Equal(2, classes.Scored);
        using var numbers = Collation.Of([new(T(1), R(5, 6))], new(Tokens5, Reals2, TargetPlace.Sequence), ScalarType.Float64, CPU);
        Assert.Equal([1, 2], numbers.Targets.shape);
        Assert.Equal([5, 6], Values(numbers.Targets));
    }

    [Fact]
    public void Sequences_of_their_own_end_with_the_end_mark_which_counts()
    {
        using var batch = Collation.Of([new(T(1, 2), T(2, 3, 4)), new(T(3, 4), T(2))], new(Tokens5, Tokens5, TargetPlace.OwnSteps), ScalarType.Float32, CPU);
        Assert.Null(batch.Lengths);
        Assert.Equal([4, 2], batch.Targets.shape);
        Assert.Equal([2, 2, 3, 1, 4, 0, 1, 0], Values(batch.Targets));
        Assert.Equal([1, 1, 1, 1, 1, 0, 1, 0], Values(batch.Weights!));
        Assert.Equal(6, batch.Scored);
    }

    [Fact]
    public void A_batchs_tensors_outlive_the_scope_that_they_were_made_in()
    {
        SequenceBatch batch;
        using (NewDisposeScope())
            batch = Collation.Of([new(T(1, 2), T(2, 3)), new(T(3), T(2))], new(Tokens5, Tokens5, TargetPlace.EachStep), ScalarType.Float32, CPU);
        using (batch)
            Assert.Equal(6 + 7 + 3, batch.Inputs.sum().item<long>() + batch.Targets.sum().item<long>() + batch.Weights!.sum().item<float>());
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "empty input", "example 1 of the batch: its input is empty" },
        { "token", "its input has token 5 at step 1, expected one in [0, 5)" },
        { "negative", "its target has token -1 at step 0" },
        { "kind", "its input is of numbers, expected tokens" },
        { "width", "its input has 3 numbers a step, expected 2" },
        { "ragged", "its input has 3 numbers, no multiple of 2" },
        { "nan", "its input has NaN at step 1, expected a finite number" },
        { "bit", "its input has 0.5 at step 0, expected 0 or 1" },
        { "length", "it has 1 targets for 2 steps" },
        { "whole", "it has 2 targets, expected one for the whole" },
        { "mark", "its target holds a begin or end mark" },
        { "single", "its input has 2 steps, expected one" },
        { "weights", "it has 1 weights for 2 targets" },
        { "weight", "its weight at step 1 is -1" },
        { "place", "it has weights, which belong to targets at each step" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void An_example_of_another_form_is_refused_by_its_number_and_what_is_wrong(string fault, string message)
    {
        TaskShape each = new(Tokens5, Tokens5, TargetPlace.EachStep), reals = new(Reals2, Tokens5, TargetPlace.Sequence);
        var (shape, example) = fault switch
        {
            "empty input" => (each, new Example(T(), T())),
            "token" => (each, new(T(0, 5), T(0, 0))),
            "negative" => (each, new(T(0), T(-1))),
            "kind" => (each, new(R(1, 2), T(0))),
            "width" => (reals, new(new RealSteps([1, 2, 3], 3), T(0))),
            "ragged" => (reals, new(R(1, 2, 3), T(0))),
            "nan" => (reals, new(R(1, 2, 3, double.NaN), T(0))),
            "bit" => (new(Bits2, Tokens5, TargetPlace.Sequence), new(R(0, 0.5), T(0))),
            "length" => (each, new(T(1, 2), T(1))),
            "whole" => (reals, new(R(1, 2), T(0, 1))),
            "mark" => (each with { Place = TargetPlace.OwnSteps }, new(T(1), T(2, 1))),
            "single" => (reals with { HasSingleInput = true }, new(R(1, 2, 3, 4), T(0))),
            "weights" => (each, new(T(1, 2), T(1, 2), [1])),
            "weight" => (each, new(T(1, 2), T(1, 2), [1, -1])),
            _ => (reals, new(R(1, 2), T(1), [1])),
        };
        Example good = shape.Place == TargetPlace.EachStep ? new(T(1), T(1)) : new(shape.Input == Tokens5 ? T(1) : R(1, 1), T(2));
        var error = Assert.Throws<ArgumentException>(() => Collation.Of([good, example], shape, ScalarType.Float32, CPU));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_of_nothing_and_one_of_which_nothing_is_scored_are_refused()
    {
        TaskShape shape = new(Tokens5, Tokens5, TargetPlace.EachStep);
        Assert.Contains("needs an example", Assert.Throws<ArgumentException>(() => Collation.Of([], shape, ScalarType.Float32, CPU)).Message, StringComparison.Ordinal);
        var silent = Assert.Throws<ArgumentException>(() => Collation.Of([new(T(1), T(1), [0])], shape, ScalarType.Float32, CPU));
        Assert.Contains("nothing in the batch is scored", silent.Message, StringComparison.Ordinal);
    }
}
