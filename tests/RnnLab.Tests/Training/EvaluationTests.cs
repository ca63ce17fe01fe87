using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Models;
using RnnLab.Randomness;
using RnnLab.Recurrence;
using RnnLab.Training;

namespace RnnLab.Tests.Training;

public sealed class EvaluationTests
{
    private const int V = 9;

    // One rounding of 1.1e-16 for each of some hundred terms of order 2, and as many in the states.
    private const double Bound = 1e-12;

    public static TheoryData<string> Cells => ["rnn", "lstm", "gru", "lstmp"];

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_batch_of_one_equals_a_loop_over_single_characters(string cell)
    {
        using var model = NewModel(cell);
        var tokens = Tokens(101);
        foreach (var chunk in new[] { 1, 7, 100, 1000 })
        {
            var evaluation = Evaluation.Of(model, [tokens], batch: 1, chunk, CPU);
            Assert.Equal(100, evaluation.Characters);
            Assert.Equal(Nats(model, tokens, model.ZeroState(1)).Sum / 100, evaluation.CrossEntropy, Bound);
        }
    }

    [Theory]
    [InlineData(101, 4)] // 4 rows of 25
    [InlineData(103, 4)] // and 2 left over
    [InlineData(104, 4)] // and 3 left over
    [InlineData(8, 5)] // 5 rows cannot have two steps each: 3 of 2, and 1 left over
    [InlineData(2, 5)] // one character to score
    public void Every_character_but_the_first_is_scored_once(int length, int batch)
    {
        using var model = NewModel("lstm");
        var tokens = Tokens(length);
        var rows = Math.Clamp((length - 1) / 2, 1, batch);
        var steps = (length - 1) / rows;
        // Row b scores tokens b·steps + 1 … (b + 1)·steps from a state of zeros; what is left over continues the last row.
        var (sum, count) = (0.0, 0);
        for (var b = 0; b < rows; b++)
        {
            var end = b == rows - 1 ? length - 1 : (b + 1) * steps;
            var row = tokens[(b * steps)..(end + 1)];
            sum += Nats(model, row, model.ZeroState(1)).Sum;
            count += row.Length - 1;
        }
        Assert.Equal(length - 1, count);
        var evaluation = Evaluation.Of(model, [tokens], batch, chunk: 6, CPU);
        Assert.Equal(count, evaluation.Characters);
        Assert.Equal(sum / count, evaluation.CrossEntropy, Bound);
    }

    [Fact]
    public void Each_of_several_stretches_starts_from_zeros()
    {
        using var model = NewModel("gru");
        long[][] parts = [Tokens(20, "a"), Tokens(20, "b"), Tokens(20, "c")];
        var expected = parts.Sum(part => Nats(model, part, model.ZeroState(1)).Sum) / (3 * 19);
        var evaluation = Evaluation.Of(model, [.. parts.Select(part => (ReadOnlyMemory<long>)part)], batch: 1, chunk: 6, CPU);
        Assert.Equal(3 * 19, evaluation.Characters);
        Assert.Equal(expected, evaluation.CrossEntropy, Bound);
    }

    [Fact]
    public void Dropout_has_no_part_in_it_and_the_mode_is_put_back()
    {
        using var model = NewModel("lstm", dropout: 0.5);
        using var plain = NewModel("lstm");
        var tokens = Tokens(50);
        model.train();
        Assert.Equal(Evaluation.Of(plain, [tokens], 1, 10, CPU).CrossEntropy, Evaluation.Of(model, [tokens], 1, 10, CPU).CrossEntropy);
        Assert.True(model.training);
        model.eval();
        Evaluation.Of(model, [tokens], 1, 10, CPU);
        Assert.False(model.training);
    }

    [Fact]
    public void Perplexity_and_bits_are_those_of_the_cross_entropy()
    {
        var uniform = new Evaluation(Math.Log(8), 1);
        Assert.Equal(8, uniform.Perplexity, 1e-12);
        Assert.Equal(3, uniform.BitsPerCharacter, 1e-12);
    }

    private static (double Sum, RecurrentState State) Nats(LanguageModel model, long[] tokens, RecurrentState state)
    {
        var sum = 0.0;
        for (var t = 0; t + 1 < tokens.Length; t++)
        {
            var (logits, next) = model.Step(tensor(new[] { tokens[t] }), state);
            var z = logits.data<double>().ToArray();
            sum += Math.Log(z.Sum(Math.Exp)) - z[tokens[t + 1]];
            state = next;
        }
        return (sum, state);
    }

    private static long[] Tokens(int count, string name = "tokens")
        => [.. Enumerable.Range(0, count).Select(i => (long)(new RandomStream(5, name).Uniform((ulong)i) * V))];

    private static LanguageModel NewModel(string cell, double dropout = 0)
    {
        Cell NewCell() => cell switch
        {
            "rnn" => new RnnCell(6),
            "gru" => new GruCell(6),
            "lstmp" => new LstmCell(6, 4),
            _ => new LstmCell(6),
        };
        // A wide initialisation, so that a state that is lost or mixed up shows.
        var init = new Initialization { Range = 1 };
        var rnn = RecurrentStack.Create(NewCell, 5, 2, dropout, init, 3, true, ScalarType.Float64, CPU);
        return new(new Embedding(V, 5, 3, 1, ScalarType.Float64, CPU), rnn, new Linear(rnn.OutputSize, V, 3, range: 1, dtype: ScalarType.Float64, device: CPU));
    }
}
