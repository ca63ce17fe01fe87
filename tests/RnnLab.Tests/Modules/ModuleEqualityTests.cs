using RnnLab.Tests.Support;

namespace RnnLab.Tests.Modules;

/// <summary>The modules against TorchSharp's own with the same weights: results, states and all gradients.</summary>
public sealed class ModuleEqualityTests
{
    private const long T = 6, B = 3;
    private static readonly long[] Sorted = [6, 4, 1], Unsorted = [4, 6, 1];

    public static TheoryData<string, string, ScalarType> Variants => Each.Of(
        ModuleTwins.Cells,
        ["", "states", "states unbiased", "states batch_first", "states 2", "bidirectional", "states bidirectional 2", "2 bidirectional batch_first unbiased"],
        [ScalarType.Float64, ScalarType.Float32]);

    public static TheoryData<string, string, bool> PackedVariants => Each.Of(ModuleTwins.Cells, ["", "states 2", "states bidirectional 2"], [true, false]);

    public static TheoryData<string> Cells => [.. ModuleTwins.Cells];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Results_and_gradients_are_those_of_TorchSharps_module(string cell, string variant, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var twins = ModuleTwins.Of(cell, variant, dtype);
        var x = Draw.Uniform("x", variant.Contains("batch_first") ? [B, T, ModuleTwins.I] : [T, B, ModuleTwins.I]).to(dtype);
        var (h0, c0) = States(cell, variant, dtype);
        Same.Within(dtype == ScalarType.Float64 ? 1e-11 : 1e-5, twins.Theirs.Solve(x, h0, c0), twins.Ours.Solve(x, h0, c0));
    }

    [Theory]
    [MemberData(nameof(PackedVariants))]
    public void Packed_sequences_give_the_same_too(string cell, string variant, bool sorted)
    {
        using var scope = NewDisposeScope();
        var twins = ModuleTwins.Of(cell, variant);
        var (x, lengths) = (Draw.Uniform("x", T, B, ModuleTwins.I), sorted ? Sorted : Unsorted);
        var (h0, c0) = States(cell, variant, ScalarType.Float64);
        Same.Within(1e-11, twins.Theirs.SolvePacked(x, lengths, sorted, h0, c0), twins.Ours.SolvePacked(x, lengths, sorted, h0, c0));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_sequence_without_a_batch_is_a_batch_of_one(string cell)
    {
        using var scope = NewDisposeScope();
        var ours = ModuleTwins.Of(cell, "2").Ours;
        var (x, h0, c0) = (Draw.Uniform("x", T, ModuleTwins.I), Draw.Uniform("h", 2, ModuleTwins.H), cell == "lstm" ? Draw.Uniform("c", 2, ModuleTwins.H) : null);
        var batched = ours.Call(x.unsqueeze(1), h0.unsqueeze(1), c0?.unsqueeze(1));
        var alone = ours.Call(x, h0, c0);
        Assert.Equal([T, ModuleTwins.H], alone[0].shape);
        foreach (var (expected, result) in batched.Zip(alone))
            Same.Exactly(expected.squeeze(1), result);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_state_dictionary_goes_from_TorchSharps_module_and_back(string cell)
    {
        using var scope = NewDisposeScope();
        var (from, to) = (ModuleTwins.Of(cell, "2 bidirectional"), ModuleTwins.Of(cell, "2 bidirectional"));
        Assert.Equal(from.Theirs.Module.state_dict().Keys, to.Ours.Module.state_dict().Keys);
        to.Ours.Module.load_state_dict(from.Theirs.Module.state_dict());
        to.Theirs.Module.load_state_dict(to.Ours.Module.state_dict());
        var x = Draw.Uniform("x", T, B, ModuleTwins.I);
        Same.Within(1e-11, from.Theirs.Solve(x), to.Ours.Solve(x));
        Same.Exactly(from.Theirs.Call(x, null, null)[0], to.Theirs.Call(x, null, null)[0]);
    }

    private static (Tensor? H0, Tensor? C0) States(string cell, string variant, ScalarType dtype)
    {
        if (!variant.Contains("states"))
            return (null, null);
        long[] shape = [(variant.Contains('2') ? 2 : 1) * (variant.Contains("bidirectional") ? 2 : 1), B, ModuleTwins.H];
        return (Draw.Uniform("h0", shape).to(dtype), cell == "lstm" ? Draw.Uniform("c0", shape).to(dtype) : null);
    }
}
