using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Bridge.Tests.NN;

public sealed class StateDictTests
{
    private static nn.Module<Tensor, Tensor> Net() => nn.Sequential(
        ("first", nn.Linear(2, 3, dtype: ScalarType.Float64)),
        ("act", nn.Tanh()),
        ("last", nn.Linear(3, 1, dtype: ScalarType.Float64)));

    private static Dictionary<string, Tensor> Copy(nn.Module module) =>
        module.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone());

    [Fact]
    public void The_keys_are_the_names_in_their_order()
    {
        using var net = Net();
        Assert.Equal(["first.weight", "first.bias", "last.weight", "last.bias"], net.state_dict().Keys);
        Assert.Equal(["p.first.weight", "p.first.bias", "p.last.weight", "p.last.bias"], net.state_dict(prefix: "p").Keys);
    }

    [Fact]
    public void A_round_trip_gives_the_same_outputs()
    {
        using var one = Net();
        using var other = Net();
        var x = Numbers.Wave(1, 4, 2);
        Assert.True(Numbers.Error(one.call(x), other.call(x)) > 1e-3);
        var (missing, unexpected) = other.load_state_dict(Copy(one));
        Assert.Empty(missing);
        Assert.Empty(unexpected);
        Assert.Equal(Numbers.Values(one.call(x)), Numbers.Values(other.call(x)));
    }

    [Fact]
    public void Loading_copies_and_does_not_alias()
    {
        using var net = Net();
        var source = Copy(net);
        net.load_state_dict(source);
        var before = Numbers.Values(net.get_parameter("first.weight")!);
        source["first.weight"].fill_(7);
        Assert.Equal(before, Numbers.Values(net.get_parameter("first.weight")!));
        Assert.True(net.get_parameter("first.weight")!.requires_grad);
    }

    [Fact]
    public void The_dictionary_holds_the_tensors_themselves()
    {
        using var net = Net();
        Assert.Same(net.get_parameter("last.bias"), net.state_dict()["last.bias"]);
    }

    [Fact]
    public void A_missing_or_unexpected_key_is_refused_before_anything_changes()
    {
        using var net = Net();
        var before = Numbers.Values(net.get_parameter("first.weight")!);

        var short_ = Copy(net);
        short_["first.weight"].fill_(7);
        short_.Remove("last.bias");
        Assert.Throws<InvalidOperationException>(() => net.load_state_dict(short_));

        var long_ = Copy(net);
        long_["first.weight"].fill_(7);
        long_["third.bias"] = zeros(1);
        Assert.Throws<InvalidOperationException>(() => net.load_state_dict(long_));
        Assert.Equal(before, Numbers.Values(net.get_parameter("first.weight")!));
    }

    [Fact]
    public void Without_strict_the_differences_are_returned_and_the_rest_is_loaded()
    {
        using var net = Net();
        var source = Copy(net);
        source.Remove("last.bias");
        source["third.bias"] = zeros(1);
        source["first.bias"].fill_(3);
        var (missing, unexpected) = net.load_state_dict(source, strict: false);
        Assert.Equal(["last.bias"], missing);
        Assert.Equal(["third.bias"], unexpected);
        Assert.Equal([3.0, 3.0, 3.0], Numbers.Values(net.get_parameter("first.bias")!));
    }

    [Fact]
    public void Skipped_keys_are_neither_loaded_nor_missed()
    {
        using var net = Net();
        var before = Numbers.Values(net.get_parameter("last.bias")!);
        var source = Copy(net);
        source["last.bias"].fill_(3);
        source.Remove("first.bias");
        net.load_state_dict(source, skip: ["last.bias", "first.bias"]);
        Assert.Equal(before, Numbers.Values(net.get_parameter("last.bias")!));
    }

    [Fact]
    public void Another_shape_is_refused()
    {
        using var net = Net();
        var source = Copy(net);
        source["first.weight"] = zeros(5, 2, dtype: ScalarType.Float64);
        Assert.ThrowsAny<Exception>(() => net.load_state_dict(source));
    }

    [Fact]
    public void Values_are_converted_to_the_modules_type()
    {
        using var net = Net();
        var source = Copy(net).ToDictionary(entry => entry.Key, entry => entry.Value.to(ScalarType.Float32));
        source["last.bias"].fill_(0.5);
        net.load_state_dict(source);
        Assert.Equal(ScalarType.Float64, net.get_parameter("last.bias")!.dtype);
        Assert.Equal([0.5], Numbers.Values(net.get_parameter("last.bias")!));
    }
}
