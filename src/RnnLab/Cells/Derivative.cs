namespace RnnLab.Cells;

/// <summary>Derivatives of the activations from their values, as the adjoints use them: two operations each, or one where the first is at hand.</summary>
public static class Derivative
{
    // Made once: a Scalar is a native object in TorchSharp.
    private static readonly Scalar Minus = -1.0, Zero = 0.0;

    /// <summary>dy · y(1 − y), for y = σ(x).</summary>
    public static Tensor Sigmoid(Tensor dy, Tensor y) => OfProduct(dy * y, y);

    /// <summary>The same from e = dy · y, where that is at hand: e · (1 − y), in one operation.</summary>
    public static Tensor OfProduct(Tensor e, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(e);
        return e.addcmul(e, y, Minus);
    }

    /// <summary>dy · (1 − y²), for y = tanh(x).</summary>
    public static Tensor Tanh(Tensor dy, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(dy);
        return dy.addcmul(dy * y, y, Minus);
    }

    /// <summary>dy where y &gt; 0, else 0, for y = max(x, 0); 0 at the kink, as in PyTorch.</summary>
    public static Tensor Relu(Tensor dy, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(y);
        return dy * y.gt(Zero);
    }
}
