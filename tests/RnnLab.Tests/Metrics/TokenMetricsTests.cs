using RnnLab.Metrics;
using RnnLab.Tasks;
using static RnnLab.Tests.Metrics.Answers;

namespace RnnLab.Tests.Metrics;

/// <summary>Figures on answers that are tokens, computed by hand.</summary>
public sealed class TokenMetricsTests
{
    [Fact]
    public void Accuracy_is_the_weighted_share_of_right_targets()
    {
        // 3 of 4 and 0 of 1; with weights 2, 0, 1 of right, wrong, wrong 2 of 3.
        Assert.Equal(3 / 5.0, Of(new Accuracy(), Tokens([1, 2, 3, 4], [1, 2, 0, 4]), Tokens([7], [6]))["accuracy"]);
        Assert.Equal(2 / 3.0, Of(new Accuracy(), Tokens([1, 2, 3], [1, 0, 0], [2, 0, 1]))["accuracy"]);
    }

    [Fact]
    public void Sequence_accuracy_asks_for_all_scored_steps_and_passes_over_sequences_without_any()
    {
        var answers = new[] { Tokens([1, 2], [1, 2]), Tokens([1, 2], [1, 3]), Tokens([1, 2], [1, 3], [0.5f, 0]), Tokens([1, 2], [9, 9], [0, 0]) };
        Assert.Equal(2 / 3.0, Of(new SequenceAccuracy(), answers)["sequence_accuracy"]);
    }

    [Fact]
    public void Exact_match_asks_for_the_whole_sequence_and_its_length()
    {
        var answers = new[] { Tokens([4, 5], [4, 5]), Tokens([4, 5], [4]), Tokens([4, 5], [4, 5, 5]), Tokens([], []) };
        Assert.Equal(0.5, Of(new ExactMatch(), answers)["exact_match"]);
    }

    [Fact]
    public void Token_error_rate_is_the_sum_of_edits_over_the_sum_of_target_lengths()
    {
        // One substitution, two insertions, three deletions, over 4 + 1 + 3 tokens.
        var answers = new[] { Tokens([1, 2, 3, 4], [1, 9, 3, 4]), Tokens([7], [8, 7, 8]), Tokens([1, 2, 3], []) };
        Assert.Equal(6 / 8.0, Of(new TokenErrorRate(), answers)["token_error_rate"]);
    }

    [Fact]
    public void Macro_F1_is_the_mean_over_classes_that_occur()
    {
        // Targets 0 0 0 1, said 0 0 1 2. Class 0: TP 2, FN 1: 4/5. Class 1: FP 1, FN 1: 0. Class 2: FP 1: 0. Class 3 does not occur.
        Assert.Equal(4 / 5.0 / 3, Of(new MacroF1(), Tokens([0, 0, 0, 1], [0, 0, 1, 2]))["macro_f1"], 15);
        // The last two do not count: class 0 alone, TP 2.
        Assert.Equal(1, Of(new MacroF1(), Tokens([0, 0, 0, 1], [0, 0, 1, 2], [1, 1, 0, 0]))["macro_f1"]);
        // Weights 1 and 3: class 0 TP 1, FN 3: 2/5. Class 1: FP 3: 0.
        Assert.Equal(2 / 5.0 / 2, Of(new MacroF1(), Tokens([0, 0], [0, 1], [1, 3]))["macro_f1"], 15);
    }

    [Fact]
    public void Perplexity_and_bits_are_those_of_the_mean_cross_entropy()
    {
        // p = 1/2 and 1/8 of the targets: 1 and 3 bits. A shift of all logits, even a great one, changes nothing.
        double[] logits = [Math.Log(0.5), Math.Log(0.25), Math.Log(0.25), 1e4 + Math.Log(0.5), 1e4 + Math.Log(0.375), 1e4 + Math.Log(0.125)];
        var example = new Example(new TokenSteps([0, 0]), new TokenSteps([0, 2]));
        var figures = Of(new TokenCrossEntropy(), (example, new Prediction(logits, 3, [])));
        Assert.Equal(2, figures["bits"], 11);
        Assert.Equal(4, figures["perplexity"], 11);
        var weighted = Of(new TokenCrossEntropy(), (example with { Weights = [3, 1] }, new Prediction(logits, 3, [])));
        Assert.Equal(1.5, weighted["bits"], 11);
        Assert.Throws<ArgumentException>(() => new TokenCrossEntropy().Add(example, new(logits, 2, [])));
        Assert.Throws<ArgumentException>(() => new TokenCrossEntropy().Add(example with { Target = new TokenSteps([0, 3]) }, new(logits, 3, [])));
    }

    [Fact]
    public void Without_answers_there_are_no_figures()
        => Assert.All(
            (IMetric[])[
                new Accuracy(), new SequenceAccuracy(), new ExactMatch(), new TokenErrorRate(), new MacroF1(), new TokenCrossEntropy(),
                new MeanSquaredError(), new WithinBound(1), new FrameNll(), new FrameAccuracy(),
            ],
            metric => Assert.Empty(metric.Values()));

    [Fact]
    public void Answers_of_another_number_or_kind_are_refused()
    {
        var (example, _) = Tokens([1, 2], [1, 2]);
        Assert.Throws<ArgumentException>(() => new Accuracy().Add(example, new([], 0, [1])));
        Assert.Throws<ArgumentException>(() => new MeanSquaredError().Add(example, new([1, 2], 1, [])));
        Assert.Throws<ArgumentException>(() => new Accuracy().Add(example with { Weights = [1] }, new([], 0, [1, 2])));
        var (reals, _) = Vectors(1, [1, 2], [1, 2]);
        Assert.Throws<ArgumentException>(() => new ExactMatch().Add(reals, new([], 0, [1, 2])));
        Assert.Throws<ArgumentException>(() => new MeanSquaredError().Add(reals, new([1, 2], 2, [])));
    }
}
