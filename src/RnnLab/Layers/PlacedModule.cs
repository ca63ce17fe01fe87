namespace RnnLab.Layers;

/// <summary>
/// A module that stays on the device and in the dtype that it was made in: its hand-written passes hold their parameters directly, and
/// TorchSharp's conversions would put other tensors in their place.
/// </summary>
/// <param name="name">The module's name in its parent.</param>
public abstract class PlacedModule(string name) : nn.Module(name)
{
    /// <summary>Refuses a conversion.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
        => throw new NotSupportedException($"{GetName()} stays where it was made: give the dtype and the device to its constructor, and copy the weights by load_state_dict");
}
