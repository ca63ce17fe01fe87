using RnnLab.Randomness;

namespace RnnLab.Tasks;

/// <summary>The random numbers of one example, one after another: the i-th is a function of the stream, the example's number and i.</summary>
/// <param name="stream">The stream.</param>
/// <param name="example">The example's number: the stream's event.</param>
public sealed class Draws(RandomStream stream, long example)
{
    private ulong _next;

    /// <summary>A number in [0, 1).</summary>
    public double Uniform() => stream.Uniform((ulong)example, _next++);

    /// <summary>A number in [low, high).</summary>
    public double Uniform(double low, double high) => low + (high - low) * Uniform();

    /// <summary>A standard normal number (Box and Muller 1958).</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    /// <summary>An integer from <paramref name="min"/> to <paramref name="max"/>, both among them, all alike.</summary>
    public int Integer(int min, int max) => min + (int)(Uniform() * ((long)max - min + 1));

    /// <summary>True with a probability.</summary>
    public bool Coin(double probability = 0.5) => Uniform() < probability;

    /// <summary>One of some, all alike.</summary>
    public T Choice<T>(IReadOnlyList<T> among) => among[Integer(0, among.Count - 1)];
}
