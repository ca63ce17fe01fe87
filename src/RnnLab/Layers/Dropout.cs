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
    private readonly bool _locked;

    /// <summary>Dropout with probability <paramref name="p"/> of dropping a value.</summary>
    /// <param name="p">The probability.</param>
    /// <param name="seed">Of the masks.</param>
    /// <param name="stream">Their stream's name.</param>
    /// <param name="locked">Whether a call has one mask for all its steps, that of its first (Gal and Ghahramani 2016), or each step its own.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is outside [0, 1).</exception>
    public Dropout(double p, ulong seed, string stream, bool locked = false)
    {
        if (!(p >= 0 && p < 1))
            throw new ArgumentOutOfRangeException(nameof(p), p, "dropout must be in [0, 1)");
        (_p, _stream, _locked) = (p, new RandomStream(seed, stream), locked);
    }

    /// <summary>The mask m for time steps <paramref name="firstStep"/>, firstStep + 1, …</summary>
    /// <param name="shape">(T, B, H).</param>
    /// <param name="firstStep">The number of the first.</param>
    /// <param name="dtype">Of the mask.</param>
    /// <param name="device">Where it is made.</param>
    public Tensor Mask(long[] shape, long firstStep, ScalarType dtype, Device device)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var mask = _stream.Masks(_locked ? 1 : shape[0], shape[1..], 1 - _p, (ulong)firstStep, dtype, device);
        return _locked ? mask.expand(shape) : mask;
    }
}
