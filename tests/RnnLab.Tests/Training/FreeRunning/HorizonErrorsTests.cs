using RnnLab.Models;
using RnnLab.Tasks;
using RnnLab.Training.FreeRunning;

namespace RnnLab.Tests.Training.FreeRunning;

public sealed class HorizonErrorsTests
{
    /// <summary>Goes on by the same number a step.</summary>
    private sealed class Ramp(double slope) : IForecaster
    {
        public Tensor Continue(Tensor history, int horizon)
        {
            Assert.Equal(3, history.shape[0]);
            return history.narrow(0, 2, 1) + arange(1, horizon + 1, ScalarType.Float64).view(-1, 1, 1) * slope;
        }
    }

    /// <summary>x_t = start + t in both numbers of a step, twice as steep in the second; the target is the next step.</summary>
    private static Example Line(double start, int steps)
    {
        double[] Values(int from) => [.. Enumerable.Range(from, steps).SelectMany(t => new[] { start + t, start + 2 * t })];
        return new(new RealSteps(Values(0), 2), new RealSteps(Values(1), 2));
    }

    private static HorizonErrors Of(IForecaster model, IReadOnlyList<Example> examples, int warmUp = 3, int horizon = 5, int batchSize = 2)
        => HorizonErrors.Of(model, new ListedExamples(examples), warmUp, horizon, batchSize, ScalarType.Float64, CPU);

    [Fact]
    public void Errors_are_those_of_the_steps_after_the_warm_up_beside_repeating_the_last_value()
    {
        // h steps ahead the numbers have grown by h and 2h; a ramp of 1 misses the second by h.
        var errors = Of(new Ramp(1), [Line(0, 7), Line(5, 9), Line(-2, 7)]);
        Assert.Equal([0.5, 2, 4.5, 8, 12.5], errors.Model);
        Assert.Equal([2.5, 10, 22.5, 40, 62.5], errors.Persistence);
    }

    [Fact]
    public void Batches_make_no_difference_and_every_series_counts_alike()
    {
        Example[] examples = [Line(0, 7), Line(5, 9), new(new RealSteps(new double[14], 2), new RealSteps(new double[14], 2))];
        var expected = Of(new Ramp(1), examples, batchSize: 1);
        foreach (var batchSize in new[] { 2, 3, 8 })
            Assert.Equal(expected.Model, Of(new Ramp(1), examples, batchSize: batchSize).Model);
        // Of the three the still one is missed by h in both numbers: (½ + ½ + 1)/3 h².
        Assert.Equal(2.0 / 3, expected.Model[0], 14);
    }

    [Fact]
    public void Errors_have_names_at_doubling_horizons_and_make_curves()
    {
        var errors = Of(new Ramp(0), [Line(0, 7)]);
        Assert.Equal(new[] { 1, 2, 4, 5 }.SelectMany(h => new[] { $"mse_at_{h}", $"persistence_mse_at_{h}" }), errors.Values().Select(v => v.Name));
        Assert.All(errors.Values().Chunk(2), pair => Assert.Equal(pair[1].Value, pair[0].Value));
        Assert.Equal([1, 2, 3, 4, 5], errors.Series("lstm").X);
        Assert.Equal(errors.Persistence, errors.PersistenceSeries().Y);
    }

    [Fact]
    public void A_series_that_is_too_short_or_none_is_refused()
    {
        static void Refused(string message, params Example[] examples)
            => Assert.Contains(message, Assert.Throws<UserException>(() => Of(new Ramp(1), examples)).Message, StringComparison.Ordinal);
        Refused("example 1 has 6 steps, 3 to warm up and 5 to go on need 7", Line(0, 7), Line(0, 6));
        Refused("example 0 is no series", new Example(new TokenSteps([1]), new TokenSteps([1])));
        Refused("not empty");
    }
}
