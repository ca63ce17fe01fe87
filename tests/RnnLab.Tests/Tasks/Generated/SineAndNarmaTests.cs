using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Generated;

public sealed class SineAndNarmaTests
{
    [Fact]
    public void One_sine_obeys_its_recurrence_with_a_period_in_range()
    {
        var task = SineTask.Kind.Make(("components", 1), ("min_period", 10.0), ("max_period", 12.0));
        foreach (var example in task.Training.First(20))
        {
            // sin(w(t+1) + φ) + sin(w(t−1) + φ) = 2 cos(w) sin(wt + φ)
            var x = example.RealInput();
            var t = Array.FindIndex(x, 1, value => Math.Abs(value) > 0.5);
            var cosine = (x[t + 1] + x[t - 1]) / (2 * x[t]);
            Assert.InRange(2 * Math.PI / Math.Acos(cosine), 10, 12);
            Assert.All(Enumerable.Range(1, x.Length - 2), i => Assert.Equal(2 * cosine * x[i], x[i + 1] + x[i - 1], 1e-9));
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    public void Mixtures_have_variance_one(double noise)
    {
        var task = SineTask.Kind.Make(("noise", noise));
        Assert.Equal(1, task.Training.First(2000).Average(example => example.RealInput().Average(value => value * value)), 0.05);
    }

    [Fact]
    public void A_target_is_the_value_that_many_steps_ahead()
    {
        var task = SineTask.Kind.Make(("horizon", 7), ("noise", 0.1));
        var example = task.Training[3];
        Assert.Equal(example.RealInput()[7..], example.RealTarget()[..^7]);
        Assert.False(task.Shape.IsAutoregressive);
        Assert.True(SineTask.Kind.Make().Shape.IsAutoregressive);
    }

    [Fact]
    public void A_longest_period_under_the_shortest_is_refused()
    {
        var error = Assert.Throws<UserException>(() => SineTask.Kind.Make(("max_period", 5.0)));
        Assert.Equal("x.yaml:1: task.max_period: 5 is less than min_period, 10", error.Message);
    }

    [Fact]
    public void NARMA_starts_as_computed_by_hand()
    {
        // u = 0.2 throughout. y1 = 0.1; y2 = 0.3·0.1 + 0.05·0.1·0.1 + 0.1 = 0.1305; y3 = 0.3·0.1305 + 0.05·0.1305·(0.1 + 0.1305) + 0.1.
        var y = NarmaTask.Outputs([.. Enumerable.Repeat(0.2, 12)]);
        Assert.Equal(0.1, y[0], 1e-15);
        Assert.Equal(0.1305, y[1], 1e-15);
        Assert.Equal(0.03915 + 0.05 * 0.1305 * 0.2305 + 0.1, y[2], 1e-15);
        // From t = 9 on 1.5·0.2·0.2 = 0.06 is added; the sum has ten terms, so that y11's leaves out y0 and y1.
        Assert.Equal(0.3 * y[8] + 0.05 * y[8] * y[..9].Sum() + 0.06 + 0.1, y[9], 1e-15);
        Assert.Equal(0.3 * y[10] + 0.05 * y[10] * y[1..11].Sum() + 0.06 + 0.1, y[11], 1e-15);
    }

    [Fact]
    public void NARMA_examples_are_its_outputs_and_none_diverges()
    {
        Assert.True(NarmaTask.Outputs([.. Enumerable.Repeat(0.5, 200)])[^1] > 1); // such inputs there are
        foreach (var example in NarmaTask.Kind.Make(("length", 2000)).Training.First(20))
        {
            var (u, y) = (example.RealInput(), example.RealTarget());
            Assert.All(u, value => Assert.InRange(value, 0, 0.5));
            Assert.Equal(NarmaTask.Outputs(u), y);
            Assert.All(y, value => Assert.InRange(value, 0, 1));
        }
    }

    [Fact]
    public void The_mean_of_NARMA_targets_is_beaten_by_no_other_constant()
    {
        var task = NarmaTask.Kind.Make();
        var targets = task.Evaluation[0].Examples.First(200).SelectMany(example => example.RealTarget()).ToArray();
        double Error(double constant) => targets.Average(y => (y - constant) * (y - constant));
        Assert.Equal(Error(targets.Average()), task.Baselines.Single().Loss, 1e-12);
        Assert.True(Error(targets.Average() + 0.01) > task.Baselines.Single().Loss && Error(targets.Average() - 0.01) > task.Baselines.Single().Loss);
    }
}
