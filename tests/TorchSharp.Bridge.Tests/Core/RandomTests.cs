using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Bridge.Tests.Core;

[Collection(nameof(RandomTests))]
[CollectionDefinition(nameof(RandomTests), DisableParallelization = true)]
public sealed class RandomTests
{
    [Fact]
    public void A_seed_reproduces_its_numbers()
    {
        manual_seed(7);
        var first = randn(100);
        manual_seed(7);
        Assert.True(first.Equals(randn(100)));
        Assert.False(first.Equals(randn(100)));
    }

    [Fact]
    public void A_generators_state_can_be_saved_and_restored()
    {
        using var generator = new Generator(5);
        Assert.Equal(5, generator.initial_seed());
        _ = rand(10, generator: generator);
        var state = generator.get_state();
        var expected = rand(10, generator: generator);
        generator.set_state(state);
        Assert.True(expected.Equals(rand(10, generator: generator)));
    }

    [Fact]
    public void The_default_generators_state_can_be_saved_and_restored()
    {
        var state = get_rng_state();
        var expected = rand(10);
        set_rng_state(state);
        Assert.True(expected.Equals(rand(10)));
    }

    [Fact]
    public void Generators_with_one_seed_agree_and_leave_the_default_alone()
    {
        using var a = new Generator(3);
        using var b = new Generator(4).manual_seed(3);
        var state = get_rng_state();
        Assert.True(randn(5, generator: a).Equals(randn(5, generator: b)));
        Assert.True(zeros(5).uniform_(0, 1, a).Equals(zeros(5).uniform_(0, 1, b)));
        Assert.True(randperm(20, generator: a).Equals(randperm(20, generator: b)));
        Assert.True(state.Equals(get_rng_state()));
    }

    [Fact]
    public void Distributions_keep_to_their_ranges_and_means()
    {
        manual_seed(1);
        var u = empty(10_000).uniform_(-2, 4);
        Assert.InRange(u.min().item<float>(), -2, -1.9);
        Assert.InRange(u.max().item<float>(), 3.9, 4);
        Assert.InRange(empty(10_000).normal_(3, 2).mean().item<float>(), 2.9, 3.1);
        Assert.InRange(empty(10_000).bernoulli_(0.25).mean().item<float>(), 0.23, 0.27);
        var i = randint(2, 5, [1000]);
        Assert.Equal(ScalarType.Int64, i.dtype);
        Assert.Equal(2, i.min().item<long>());
        Assert.Equal(4, i.max().item<long>());
        var drawn = multinomial(tensor(new[] { 0.0, 1.0, 0.0 }), 50, true);
        Assert.True((drawn == 1).all().item<bool>());
        Assert.True(randperm(10).sort().Values.Equals(arange(10)));
    }
}
