using System.Runtime.InteropServices;

namespace TorchSharp;

/// <content>Tensors of regular or random values.</content>
public static partial class torch
{
    /// <summary>start, start + step, ... below stop; Int64 where all three are whole numbers, else the default dtype.</summary>
    public static Tensor arange(
        Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        var whole = start.Type == ScalarType.Int64 && stop.Type == ScalarType.Int64 && step.Type == ScalarType.Int64;
        var type = dtype ?? (whole ? ScalarType.Int64 : get_default_dtype());
        return Grad(Op.Call1("aten::arange.start_step", start, stop, step, type, Arg.None, InitializeDevice(device)), requires_grad);
    }

    public static Tensor arange(
        Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor linspace(
        double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Grad(
            Op.Call1("aten::linspace", start, end, steps, dtype ?? get_default_dtype(), Arg.None, InitializeDevice(device)),
            requires_grad);

    public static Tensor logspace(
        double start, double end, long steps, double @base = 10, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false) =>
        Grad(
            Op.Call1("aten::logspace", start, end, steps, @base, dtype ?? get_default_dtype(), Arg.None, InitializeDevice(device)),
            requires_grad);

    public static Tensor eye(
        long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null)
    {
        RequireUnnamed(names);
        var width = columns == -1 ? rows : columns;
        return Grad(Op.Call1("aten::eye.m", rows, width, dtype ?? get_default_dtype(), Arg.None, InitializeDevice(device)), requires_grad);
    }

    public static Tensor randperm(
        long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Grad(
            Op.Call1("aten::randperm.generator", n, generator, dtype ?? ScalarType.Int64, Arg.None, InitializeDevice(device)),
            requires_grad);

    public static Tensor randperm(long n, Tensor @out, Generator? generator = null)
    {
        Op.Run("aten::randperm.generator_out", n, generator, @out);
        return @out;
    }

    public static Tensor randint(
        long low, long high, Size size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null)
    {
        RequireUnnamed(names);
        var type = dtype ?? ScalarType.Int64;
        return Grad(
            Op.Call1("aten::randint.low_generator", low, high, size.Shape, generator, type, Arg.None, InitializeDevice(device)),
            requires_grad);
    }

    public static Tensor randint(
        long high, Size size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator, names);

    public static Tensor randint(
        long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        randint(0, high, new Size(size), dtype, device, requires_grad, generator, names);

    public static Tensor randint(
        long low, long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        randint(low, high, new Size(size), dtype, device, requires_grad, generator, names);

    public static Tensor randint(
        int high, int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        randint(0, high, new Size(size), dtype, device, requires_grad, generator, names);

    public static Tensor randint(
        int low, int high, int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        randint(low, high, new Size(size), dtype, device, requires_grad, generator, names);

    /// <summary>Draws from N(mean, std²) for each pair of elements.</summary>
    public static Tensor normal(Tensor mean, Tensor std, Generator? generator = null) =>
        Op.Call1("aten::normal.Tensor_Tensor", mean, std, generator);

    public static Tensor normal(
        double mean, double std, ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null)
    {
        RequireUnnamed(names);
        var type = dtype ?? get_default_dtype();
        return Grad(
            Op.Call1("aten::normal.float_float", mean, std, size.ToArray(), generator, type, Arg.None, InitializeDevice(device)),
            requires_grad);
    }

    private static Tensor Grad(Tensor tensor, bool requires_grad) => requires_grad ? tensor.with_requires_grad() : tensor;

    private static Tensor Unnamed(string[]? names, Tensor tensor)
    {
        RequireUnnamed(names);
        return tensor;
    }

    private static void RequireUnnamed(string[]? names)
    {
        if (names is { Length: > 0 })
        {
            throw new NotSupportedException("Named dimensions are not supported.");
        }
    }
}
