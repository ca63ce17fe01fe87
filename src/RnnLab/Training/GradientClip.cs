namespace RnnLab.Training;

/// <summary>
/// What clipping makes of every gradient, element by element: scale · min(max(g, −v), v). An optimiser's step takes it and applies it to each
/// element as it reads it, so that clipping costs no pass over the gradients; <c>.grad</c> itself stays as it was.
/// </summary>
/// <param name="Scale">The factor of the norm's bound; 1 where that leaves the gradients alone.</param>
/// <param name="MaxValue">v, or null for none.</param>
public sealed record GradientClip(double Scale = 1, double? MaxValue = null)
{
    /// <summary>Leaves gradients as they are.</summary>
    public static GradientClip None { get; } = new();

    /// <summary>The scale where it was computed on the gradients' own device and the host has not read it: 0 dimensions, float64. Takes the place of <see cref="Scale"/>.</summary>
    internal Tensor? DeviceScale { get; init; }

    /// <summary>The clipped gradient: <paramref name="g"/> itself where there is nothing to change.</summary>
    internal Tensor Of(Tensor g)
    {
        var bounded = MaxValue is { } v ? g.clamp(-v, v) : g;
        return DeviceScale is { } scale ? bounded.mul(scale) : Scale == 1 ? bounded : bounded.mul(Scale);
    }
}
