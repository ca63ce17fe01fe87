namespace RnnLab.Cells;

/// <summary>The activation of a cell that leaves the choice.</summary>
public enum Nonlinearity
{
    /// <summary>tanh.</summary>
    Tanh,

    /// <summary>max(x, 0).</summary>
    Relu,
}

/// <summary>The activations and their adjoints.</summary>
public static class Nonlinearities
{
    /// <summary>y = φ(x).</summary>
    public static Tensor Of(this Nonlinearity nonlinearity, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return nonlinearity == Nonlinearity.Tanh ? x.tanh() : x.relu();
    }

    /// <summary>∂L/∂x from dy = ∂L/∂y and y = φ(x).</summary>
    public static Tensor Adjoint(this Nonlinearity nonlinearity, Tensor dy, Tensor y)
        => nonlinearity == Nonlinearity.Tanh ? Derivative.Tanh(dy, y) : Derivative.Relu(dy, y);
}
