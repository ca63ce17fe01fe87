using RnnLab.Metrics;
using RnnLab.Tasks;
using static RnnLab.Tests.Metrics.Answers;

namespace RnnLab.Tests.Metrics;

/// <summary>Figures on answers that are numbers or bits, computed by hand.</summary>
public sealed class VectorMetricsTests
{
    [Fact]
    public void Squared_and_absolute_errors_are_means_over_all_numbers()
    {
        // Errors 1, −2, 0, 3: squares 14, absolutes 6.
        var answer = Vectors(2, [0, 2, 5, 1], [1, 0, 5, 4]);
        Assert.Equal(14 / 4.0, Of(new MeanSquaredError(), answer)["mse"]);
        Assert.Equal(6 / 4.0, Of(new MeanAbsoluteError(), answer)["mae"]);
        // Of weights 1 and 3: (1 + 4 + 3·9) / (2·4).
        Assert.Equal(32 / 8.0, Of(new MeanSquaredError(), Vectors(2, [0, 2, 5, 1], [1, 0, 5, 4], [1, 3]))["mse"]);
    }

    [Fact]
    public void The_persistence_forecast_is_the_last_input()
    {
        // Inputs 1 2 4, targets 2 4 8: errors −1, −2, −4, whatever the model says.
        var answer = Vectors(1, [2, 4, 8], [0, 0, 0], inputs: [1, 2, 4]);
        Assert.Equal(21 / 3.0, Of(new MeanSquaredError(ofPersistence: true), answer)["persistence_mse"]);
        Assert.Equal(7 / 3.0, Of(new MeanAbsoluteError(ofPersistence: true), answer)["persistence_mae"], 15);
        // One target for the whole window: 4 is the forecast of 8.
        var whole = Vectors(1, [8], [0], inputs: [1, 2, 4]);
        Assert.Equal(16, Of(new MeanSquaredError(ofPersistence: true), whole)["persistence_mse"]);
        Assert.Throws<ArgumentException>(() => new MeanSquaredError(true).Add(whole.Item1 with { Input = new RealSteps([1, 2], 2) }, whole.Item2));
        Assert.Throws<ArgumentException>(() => new MeanSquaredError(true).Add(whole.Item1 with { Input = new TokenSteps([1]) }, whole.Item2));
    }

    [Fact]
    public void Within_a_bound_is_the_share_of_targets_all_of_whose_numbers_are_near()
    {
        // An error of the bound itself is not below it.
        Assert.Equal(0.25, Of(new WithinBound(0.5), Vectors(1, [0, 0, 0, 0], [0.25, -0.5, 1, double.NaN]))["within"]);
        Assert.Equal(0.5, Of(new WithinBound(0.5), Vectors(2, [0, 0, 0, 0], [0.25, -0.25, 0, 1]))["within"]);
        Assert.Equal(0.75, Of(new WithinBound(0.5), Vectors(1, [0, 0], [0.25, 9], [3, 1]))["within"]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new WithinBound(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WithinBound(double.NaN));
    }

    [Fact]
    public void The_likelihood_of_a_frame_is_that_of_all_its_bits()
    {
        // p = σ(ln 3) = 3/4: bits 1 and 0 have 3/4 and 1/4. The second frame has 1/2 and 1/2.
        var answer = Vectors(2, [1, 0, 1, 0], [Math.Log(3), Math.Log(3), 0, 0]);
        Assert.Equal(-(Math.Log(3 / 16.0) + Math.Log(1 / 4.0)) / 2, Of(new FrameNll(), answer)["frame_nll"], 14);
        // Logits whose exponentials are not finite: 800 nats for a bit that is wrongly sure, none for one that is rightly so.
        Assert.Equal(800, Of(new FrameNll(), Vectors(2, [0, 0], [800, -800]))["frame_nll"], 10);
        var weighted = Vectors(2, [1, 0, 1, 0], [Math.Log(3), Math.Log(3), 0, 0], [3, 1]);
        Assert.Equal(-(3 * Math.Log(3 / 16.0) + Math.Log(1 / 4.0)) / 4, Of(new FrameNll(), weighted)["frame_nll"], 14);
    }

    [Fact]
    public void Frame_accuracy_does_not_count_what_is_rightly_silent()
    {
        // TP 2, FP 1, FN 1 and four rightly silent bits. A probability of one half says nothing.
        var answers = new[] { Vectors(4, [1, 1, 0, 0], [2, -1, -1, -1]), Vectors(4, [0, 1, 0, 0], [1, 5, -3, 0]) };
        Assert.Equal(2 / 4.0, Of(new FrameAccuracy(), answers)["frame_accuracy"]);
        Assert.Empty(Of(new FrameAccuracy(), Vectors(2, [0, 0], [-1, -1])));
    }
}
