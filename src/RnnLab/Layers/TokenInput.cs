namespace RnnLab.Layers;

/// <summary>Turns indices of V tokens into input vectors of a recurrence.</summary>
/// <param name="name">The module's name in its parent.</param>
public abstract class TokenInput(string name) : PlacedModule(name)
{
    /// <summary>The width of a vector.</summary>
    public abstract long Width { get; }

    /// <summary>x (T, B, width) of ids (T, B), int64.</summary>
    /// <exception cref="ArgumentException">ids is not int64.</exception>
    public abstract Tensor Forward(Tensor ids);

    /// <summary>Whether there are parameters, whose gradients need that of x.</summary>
    public abstract bool HasParameters { get; }

    /// <summary>Adds the gradients of the parameters, if any, from dx (T, B, width).</summary>
    public abstract void Backward(Tensor ids, Tensor dx);
}
