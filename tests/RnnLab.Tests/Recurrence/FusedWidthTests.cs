using RnnLab.Tests.Kernels;

namespace RnnLab.Tests.Recurrence;

/// <summary>The fused passes of every vector width against the readable form.</summary>
public sealed class FusedWidthTests
{
    // The software that stands in for instructions is some hundred times slower.
    private const long ManyTerms = 1_000_000, FewTerms = 20_000;

    [Theory]
    [InlineData(512, ScalarType.Float32), InlineData(512, ScalarType.Float64)]
    [InlineData(256, ScalarType.Float32), InlineData(256, ScalarType.Float64)]
    [InlineData(128, ScalarType.Float32), InlineData(128, ScalarType.Float64)]
    public void Every_width_equals_the_readable_form_in_one_process(int bits, ScalarType dtype) => FusedSweep.RequireNone(Differences(bits, dtype));

    [Theory]
    [InlineData("DOTNET_EnableAVX512", 512)]
    [InlineData("DOTNET_EnableAVX2", 256)]
    [InlineData("DOTNET_EnableHWIntrinsic", 128)]
    public void Every_width_equals_the_readable_form_where_the_runtime_is_told_to_do_without_instructions(string setting, int bitsThatAreOff)
        => OwnProcess.Run([Program.EveryWidth, $"{bitsThatAreOff}"], (setting, "0"));

    /// <summary>Checks all widths, with vectors of <paramref name="bitsThatAreOff"/> bits and more in software; 0 where that holds.</summary>
    internal static int CheckAll(int bitsThatAreOff)
    {
        foreach (var (bits, accelerated) in FusedSweep.Widths)
            Assert.True(!accelerated || bits < bitsThatAreOff, $"{bits} bits are accelerated");
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
            foreach (var (bits, _) in FusedSweep.Widths)
                FusedSweep.RequireNone(Differences(bits, dtype));
        ActivationAccuracy.RequireAllWidths();
        return 0;
    }

    private static IEnumerable<string> Differences(int bits, ScalarType dtype)
        => FusedSweep.DifferencesOfWidth(bits, dtype, FusedSweep.Widths.First(w => w.Bits == bits).Accelerated ? ManyTerms : FewTerms);
}
