namespace RnnLab.Cells;

/// <summary>Derivatives of the activations from their values, as the adjoints use them: two operations each.</summary>
public static class Derivative
{
    // Made once: a Scalar is a native object in TorchSharp.
    private static readonly Scalar Minus = -1.0, Zero = 0.0;

    /// <summary>dy · y(1 − y), for y = σ(x).</summary>
    public static Tensor Sigmoid(Tensor dy, Tensor y)
    {
        var p = dy * y;
        return p.addcmul(p, y, Minus);
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
        return dy * y.gt(Zero).to(y.dtype);
    }
}
