using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using RnnLab.Kernels.Memory;
using RnnLab.Kernels.Threads;

namespace RnnLab.Randomness;

/// <summary>
/// Random numbers as a pure function of (seed, stream name, event, index): nothing is consumed and there is no state to save, so a
/// resumed run draws what the uninterrupted one would have drawn.
/// </summary>
/// <remarks>The name and the seed are hashed (SHA-256) to a Philox key; event and index are the counter.</remarks>
public sealed class RandomStream
{
    private const double Unit53 = 1.0 / (1UL << 53);
    private readonly ulong _key;

    /// <summary>The stream called <paramref name="name"/> of <paramref name="seed"/>.</summary>
    public RandomStream(ulong seed, string name)
        => _key = MemoryMarshal.Read<ulong>(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{name}")));

    /// <summary>One number in [0, 1) with 53 random bits.</summary>
    public double Uniform(ulong @event, ulong index = 0)
    {
        var (a, b, _, _) = Philox.Block(_key, @event, index);
        return (((ulong)a << 32 | b) >> 11) * Unit53;
    }

    /// <summary>A float64 CPU tensor of numbers in [low, high).</summary>
    public Tensor Uniform(long[] shape, double low, double high, ulong @event = 0)
    {
        var values = new double[Count(shape)];
        for (var i = 0; i < values.Length; i++)
            values[i] = low + (high - low) * Uniform(@event, (ulong)i);
        return tensor(values, shape);
    }

    /// <summary>A float64 CPU tensor of standard normal numbers (Box and Muller 1958).</summary>
    public Tensor Normal(long[] shape, ulong @event = 0)
    {
        var values = new double[Count(shape)];
        for (var i = 0; i < values.Length; i++)
        {
            var (a, b, c, d) = Philox.Block(_key, @event, (ulong)i);
            var u = ((((ulong)a << 32 | b) >> 11) + 1) * Unit53; // (0, 1]: its logarithm is finite
            var v = (((ulong)c << 32 | d) >> 11) * Unit53;
            values[i] = Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * v);
        }
        return tensor(values, shape);
    }

    /// <summary>Fills <paramref name="mask"/> with <paramref name="scale"/> where a coin with probability <paramref name="keep"/> falls so, else 0.</summary>
    /// <remarks>32 bits a coin, four coins a block: a probability is met within 2⁻³².</remarks>
    public void FillMask(Span<float> mask, double keep, float scale, ulong @event) => MaskPass.Fill(mask, Threshold(keep), scale, _key, @event);

    /// <summary>
    /// Inverted dropout's masks of the events <paramref name="firstEvent"/>, firstEvent + 1, …: 1/keep where a coin with probability <paramref name="keep"/>
    /// falls so, else 0. An event's mask is a function of its number alone, the same on every device.
    /// </summary>
    /// <param name="events">How many.</param>
    /// <param name="shape">Of one event's mask.</param>
    /// <param name="keep">The probability of keeping a value, in (0, 1].</param>
    /// <param name="firstEvent">The first event's number.</param>
    /// <param name="dtype">Of the result.</param>
    /// <param name="device">Where it is made.</param>
    /// <returns>(events, shape…).</returns>
    public Tensor Masks(long events, long[] shape, double keep, ulong firstEvent, ScalarType dtype, Device device)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(device);
        using var scope = NewDisposeScope();
        if (device.type != TorchSharp.DeviceType.CPU)
            return MasksByTensors(events, shape, keep, firstEvent, dtype, device).MoveToOuterDisposeScope();
        var mask = empty([events, .. shape], ScalarType.Float32);
        Fill(mask, (int)events, (int)Count(shape), keep, firstEvent);
        return mask.to(dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The same, bit for bit, in tensor operations on the device itself: some 120 of them, however many events there are, and nothing is copied to it.</summary>
    internal Tensor MasksByTensors(long events, long[] shape, double keep, ulong firstEvent, ScalarType dtype, Device device)
    {
        using var scope = NewDisposeScope();
        var size = Count(shape);
        var blocks = (size + 3) / 4;
        var high = arange(events, ScalarType.Int64, device).add((long)firstEvent).view(events, 1);
        var low = arange(blocks, ScalarType.Int64, device).view(1, blocks);
        var coins = stack(PhiloxTensors.Blocks(_key, high, low), 2).view(events, 4 * blocks).narrow(1, 0, size);
        return coins.lt((long)Threshold(keep)).to(dtype).mul_((double)Scale(keep)).reshape([events, .. shape]).MoveToOuterDisposeScope();
    }

    // By pointer: a span of all events together may be longer than a span can be.
    private unsafe void Fill(Tensor mask, int events, int size, double keep, ulong firstEvent)
    {
        var first = TensorMemory.Pointer<float>(mask);
        RowRanges.Run(events, size, (from, to) =>
        {
            for (var i = from; i < to; i++)
                FillMask(new Span<float>(first + (long)i * size, size), keep, Scale(keep), firstEvent + (ulong)i);
        });
        GC.KeepAlive(mask);
    }

    /// <summary>The words below it are as many of the 2³² as make the probability.</summary>
    private static ulong Threshold(double keep) => (ulong)Math.Round(keep * 4294967296.0);

    private static float Scale(double keep) => (float)(1 / keep);

    private static long Count(long[] shape) => shape.Aggregate(1L, (product, n) => product * n);
}
