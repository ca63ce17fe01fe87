using RnnLab.Randomness;
using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Generated;

public sealed class FrameLabelsTests
{
    private static readonly PhaseModel Two = new([[-1.0], [1.0]], dwell: 4);

    [Fact]
    public void One_frame_is_judged_by_the_densities()
    {
        // exp(−(x−1)²/2) / (exp(−(x−1)²/2) + exp(−(x+1)²/2)) = 1 / (1 + e^(−2x))
        foreach (var x in new[] { -1.5, 0, 0.3, 40 })
            Assert.Equal(1 / (1 + Math.Exp(-2 * x)), Two.Posterior([x])[1], 1e-14);
    }

    [Theory]
    [InlineData(2), InlineData(3)]
    public void The_filter_is_the_sum_over_all_sequences_of_phases(int phases)
    {
        double[] x = [0.4, -0.2, 1.1, -0.7, 0.1], means = [-1, 1, 0.3];
        var filtered = new PhaseModel([.. means[..phases].Select(mean => new[] { mean })], dwell: 4).Filtered(new RealSteps(x, 1));
        for (var t = 0; t < x.Length; t++)
        {
            var sums = new double[phases];
            for (var path = 0; path < Math.Pow(phases, t + 1); path++)
            {
                // The path's number to the base of the phases has a digit a step; with probability 1/4 a step goes on to the next phase of the ring.
                var (p, rest, before) = (1.0, path, -1);
                for (var s = 0; s <= t; s++, rest /= phases)
                {
                    var phase = rest % phases;
                    p *= before < 0 ? 1.0 / phases : phase == before ? 0.75 : phase == (before + 1) % phases ? 0.25 : 0;
                    p *= Math.Exp(-Math.Pow(x[s] - means[phase], 2) / 2);
                    before = phase;
                }
                sums[before] += p;
            }
            for (var phase = 0; phase < phases; phase++)
                Assert.Equal(sums[phase] / sums.Sum(), filtered[t][phase], 1e-13);
        }
    }

    [Fact]
    public void Phases_stay_and_go_on_as_the_model_says()
    {
        var model = new PhaseModel([[0.0], [50.0], [100.0]], dwell: 5);
        var (phases, frames) = model.Draw(new Draws(new RandomStream(3, "test"), 0), 20_000);
        var changes = Enumerable.Range(1, phases.Length - 1).Where(t => phases[t] != phases[t - 1]).ToArray();
        Assert.InRange(changes.Length, 3800, 4200);
        Assert.All(changes, t => Assert.Equal((phases[t - 1] + 1) % 3, phases[t]));
        var noise = frames.Select((value, t) => value - 50 * phases[t]).ToArray();
        Assert.Equal((0.0, 1.0), (Math.Round(noise.Average(), 1), Math.Round(noise.Average(value => value * value), 1)));
    }

    [Fact]
    public void The_levels_are_what_the_posteriors_themselves_expect()
    {
        // A posterior of the true model is calibrated: the mean of −log p(phase) is the mean of its entropy.
        var task = FrameLabelsTask.Kind.Make(("phases", 2), ("features", 1), ("separation", 1.0), ("validation_examples", 300));
        var (memoryless, filter) = (task.Baselines[0], task.Baselines[1]);
        Assert.Equal(("memoryless", "filter"), (memoryless.Name, filter.Name));
        Assert.InRange(memoryless.Loss, 0.05, Math.Log(2));
        Assert.True(filter.Loss < memoryless.Loss);

        // The means are those of the phases' frames.
        var frames = task.Training.First(300).SelectMany(example => example.RealInput().Zip(example.Target())).ToArray();
        double Mean(int phase) => frames.Where(frame => frame.Second == phase).Average(frame => frame.First);
        var model = new PhaseModel([[Mean(0)], [Mean(1)]], dwell: 10);
        static double Entropy(double[] p) => -p.Sum(q => q > 0 ? q * Math.Log(q) : 0);
        var inputs = task.Evaluation[0].Examples.First(300).Select(example => (RealSteps)example.Input).ToArray();
        Assert.Equal(inputs.Average(input => input.Values.Average(x => Entropy(model.Posterior([x])))), memoryless.Loss, 0.02);
        Assert.Equal(inputs.Average(input => model.Filtered(input).Average(Entropy)), filter.Loss, 0.02);
    }
}
