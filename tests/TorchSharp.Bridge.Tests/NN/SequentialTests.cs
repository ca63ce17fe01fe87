using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Bridge.Tests.NN;

public sealed class SequentialTests
{
    [Fact]
    public void Modules_are_applied_in_their_order_and_named_by_position()
    {
        using var first = nn.Linear(2, 3, dtype: ScalarType.Float64);
        using var last = nn.Linear(3, 1, dtype: ScalarType.Float64);
        using var net = nn.Sequential(first, nn.Tanh(), last);
        var x = Numbers.Wave(1, 4, 2);
        Assert.Equal(Numbers.Values(last.call(first.call(x).tanh())), Numbers.Values(net.call(x)));
        Assert.Equal(["0.weight", "0.bias", "2.weight", "2.bias"], net.named_parameters().Select(p => p.name));
        Assert.Equal(3, net.Count);
        Assert.Same(last, net[2]);
    }

    [Fact]
    public void A_slice_shares_the_modules()
    {
        using var net = nn.Sequential(("a", nn.Linear(2, 2)), ("b", nn.Tanh()), ("c", nn.Linear(2, 2)));
        var slice = net[1..];
        Assert.Equal(["b", "c"], slice.named_children().Select(c => c.name));
        Assert.Same(net[2], slice[1]);
        Assert.Equal(2, net[(null, 2)].Count);
        Assert.Throws<IndexOutOfRangeException>(() => net[(0, 4)]);
    }

    [Fact]
    public void Intermediate_results_are_freed()
    {
        using var net = nn.Sequential(nn.Tanh(), nn.Sigmoid(), nn.Tanh());
        using var x = ones(3);
        using var scope = NewDisposeScope();
        net.call(x);
        Assert.Equal(1, scope.DisposablesCount);
        Assert.False(x.IsInvalid);
    }

    [Fact]
    public void Training_conversion_and_disposal_reach_the_modules()
    {
        var linear = nn.Linear(2, 2);
        var dropout = nn.Dropout();
        var net = nn.Sequential(linear).append("drop", dropout);
        net.eval();
        Assert.False(dropout.training);
        net.to(ScalarType.Float64);
        Assert.Equal(ScalarType.Float64, linear.weight.dtype);
        net.Dispose();
        Assert.True(linear.weight.IsInvalid);
    }

    [Fact]
    public void An_empty_chain_returns_another_handle_of_its_input()
    {
        using var net = nn.Sequential();
        using var x = ones(2);
        using (var y = net.call(x)) Assert.NotSame(x, y);
        Assert.False(x.IsInvalid);
    }
}
