using System.Runtime.Intrinsics;
using RnnLab.Analysis;
using RnnLab.Cells;
using RnnLab.Kernels.Simd;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Kernels;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Recurrence;

/// <summary>The sizes of a layer's call.</summary>
internal readonly record struct LayerShape(int T, int B, int I, int H)
{
    /// <summary>Multiply-adds of one gate's products.</summary>
    public long Terms => (long)T * B * H * (H + I);
}

/// <summary>The cells and sizes at which the fused passes are held to the readable form.</summary>
internal static class FusedSweep
{
    private static readonly int[] Odd = [1, 3, 7, 8, 31, 33, 100], Steps = [1, 2, 3, 5, 9, 17, 40];

    public static readonly Dictionary<string, Func<int, Cell>> Cells = new()
    {
        ["rnn tanh"] = H => new RnnCell(H),
        ["rnn relu"] = H => new RnnCell(H, Nonlinearity.Relu),
        ["indrnn tanh"] = H => new IndRnnCell(H, Nonlinearity.Tanh),
        ["indrnn relu"] = H => new IndRnnCell(H),
        ["lstm"] = H => new LstmCell(H),
        // One unit has no room for a projection.
        ["lstm projected"] = H => new LstmCell(H, (H + 1) / 3),
        ["lstm peephole"] = H => new PeepholeLstmCell(H),
        ["lstm coupled"] = H => new CoupledLstmCell(H),
        ["lstm 1997"] = H => new Lstm1997Cell(H),
        ["gru"] = H => new GruCell(H),
    };

    public static TheoryData<string, ScalarType> CellsAndTypes
        => Each.Of<string, ScalarType>(Cells.Keys, [ScalarType.Float32, ScalarType.Float64]);

    /// <summary>
    /// Every two of T, B, I and H meet with every pair of their values once (an orthogonal array of 49 rows). Many rows do not meet with many steps and one unit:
    /// there a weight's gradient is one sum, of thousands of terms that leave little of each other, and float32 has too few digits for it.
    /// </summary>
    public static IReadOnlyList<LayerShape> Shapes { get; } =
    [
        .. from b in Enumerable.Range(0, 7)
           from h in Enumerable.Range(0, 7)
           select new LayerShape(Steps[(b + 2 * h + 3) % 7], Odd[b], Odd[(b + h) % 7], Odd[h]),
    ];

    /// <summary>Widths in bits, and whether this process has instructions for them.</summary>
    public static IReadOnlyList<(int Bits, bool Accelerated)> Widths { get; } =
    [
        (512, Vector512.IsHardwareAccelerated), (256, Vector256.IsHardwareAccelerated), (128, Vector128.IsHardwareAccelerated),
    ];

    /// <summary>The bound on fused against readable.</summary>
    public static double Bound(ScalarType dtype) => dtype == ScalarType.Float64 ? 1e-12 : 1e-5;

    /// <summary>The fused passes of a width, accelerated or not.</summary>
    public static FusedPasses Passes(int bits, Cell cell, ScalarType dtype) => (bits, dtype) switch
    {
        (512, ScalarType.Float32) => FusedPasses.For<Simd512<float>, Vector512<float>, float>(cell)!,
        (512, _) => FusedPasses.For<Simd512<double>, Vector512<double>, double>(cell)!,
        (256, ScalarType.Float32) => FusedPasses.For<Simd256<float>, Vector256<float>, float>(cell)!,
        (256, _) => FusedPasses.For<Simd256<double>, Vector256<double>, double>(cell)!,
        (_, ScalarType.Float32) => FusedPasses.For<Simd128<float>, Vector128<float>, float>(cell)!,
        _ => FusedPasses.For<Simd128<double>, Vector128<double>, double>(cell)!,
    };

    /// <summary>The problem of a cell at a size.</summary>
    public static LayerProblem Problem(string cell, LayerShape shape, ScalarType dtype, bool bias = true)
    {
        var (T, B, I, H) = shape;
        // Of many numbers before relu one would fall so near to 0 that rounding decides on its side.
        if (cell.EndsWith("relu", StringComparison.Ordinal))
            T = Math.Clamp(3_000 / (B * H), 1, T);
        // A bias of one unit that adds its past up: hundreds of terms, which may leave a thousandth of themselves.
        if (cell == "indrnn relu" && H == 1)
            T = Math.Min(T, 17);
        return new LayerProblem(Cells[cell](H), T, B, I, dtype, bias);
    }

    /// <summary>Where results differ from the readable form's by more than the bound; empty where they do not.</summary>
    public static IEnumerable<string> Differences(string what, LayerProblem problem, Dictionary<string, Tensor> actual)
    {
        var expected = problem.ByHand(Kernel.Reference);
        if (problem.Layer.Cell is OneGateCell { Nonlinearity: Nonlinearity.Relu } && NearestToKink(problem, expected["y"]) is var z and < 1e-6)
            yield return $"{what}: an argument of relu is {z:g2} from its kink";
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        var bound = Bound(problem.X.dtype);
        foreach (var (name, tensor) in expected)
            if (Difference.Of(actual[name], tensor) is var d && d > bound)
                yield return $"{what}: {name} differs by {d:g3}";
    }

    /// <summary>The differences of every cell and type in one width's passes, at the sizes of up to so many terms.</summary>
    public static IEnumerable<string> DifferencesOfWidth(int bits, ScalarType dtype, long mostTerms)
    {
        foreach (var (cell, shape) in from cell in Cells.Keys from shape in Shapes where shape.Terms <= mostTerms select (cell, shape))
        {
            using var scope = NewDisposeScope();
            var problem = Problem(cell, shape, dtype);
            var actual = problem.ByHand(Passes(bits, problem.Layer.Cell, dtype));
            foreach (var difference in Differences($"{bits} bits, {dtype}, {cell}, {shape}", problem, actual))
                yield return difference;
        }
    }

    /// <summary>Fails with the differences where there are some.</summary>
    public static void RequireNone(IEnumerable<string> differences)
    {
        var all = differences.ToArray();
        Assert.True(all.Length == 0, string.Join('\n', all));
    }

    /// <summary>min|z| of z = W_ih x + b_ih + W_hh h + b_hh, with W_hh a matrix or a diagonal.</summary>
    private static double NearestToKink(LayerProblem problem, Tensor y)
    {
        using var no_grad = torch.no_grad();
        var p = problem.Layer.Parameters;
        var before = cat([problem.S0.H.unsqueeze(0), y.narrow(0, 0, y.shape[0] - 1)], 0);
        var q = p.WeightHh.dim() == 1 ? Wide(before) * Wide(p.WeightHh) : Wide(before).matmul(Wide(p.WeightHh).t());
        var z = Wide(problem.X).matmul(Wide(p.WeightIh).t()) + q;
        foreach (var bias in new[] { p.BiasIh, p.BiasHh }.OfType<Tensor>())
            z += Wide(bias);
        return z.abs().min().item<double>();
    }

    private static Tensor Wide(Tensor x) => x.to(ScalarType.Float64);
}
