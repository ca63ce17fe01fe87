using RnnLab.Randomness;

namespace RnnLab.Layers;

/// <summary>Inverted dropout (Srivastava et al. 2014): y = m ⊙ x, with m = 1/(1 − p) where a coin keeps a value and 0 where it drops it.
/// The adjoint is dx = m ⊙ dy.
/// <para>The coins of time step t are a function of (seed, stream, t): a window that is run again over the same steps gets the same mask.</para>
/// </summary>
public sealed class Dropout
{
    private readonly double _p;
    private readonly RandomStream _stream;

    /// <summary>Dropout with probability <paramref name="p"/> of dropping a value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">p is outside [0, 1).</exception>
    public Dropout(double p, ulong seed, string stream)
    {
        if (!(p >= 0 && p < 1))
            throw new ArgumentOutOfRangeException(nameof(p), p, "dropout must be in [0, 1)");
        (_p, _stream) = (p, new RandomStream(seed, stream));
    }

    /// <summary>The mask m for time steps <paramref name="firstStep"/>, firstStep + 1, …, shaped and typed like <paramref name="x"/> (T, B, H).</summary>
    public Tensor Mask(Tensor x, long firstStep)
    {
        ArgumentNullException.ThrowIfNull(x);
        return _stream.Masks(x.shape[0], x.shape[1..], 1 - _p, (ulong)firstStep, x.dtype, x.device);
    }
}
