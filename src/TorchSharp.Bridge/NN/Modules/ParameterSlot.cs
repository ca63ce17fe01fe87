namespace TorchSharp.Modules;

/// <summary>The field behind a module's settable parameter: the module owns what is in it.</summary>
internal static class ParameterSlot
{
    internal static void Assign(ref Parameter? slot, Parameter? value, torch.nn.Module owner, string name)
    {
        if (ReferenceEquals(slot, value)) return;
        slot?.Dispose();
        value?.DetachFromDisposeScope();
        slot = value;
        owner.Reregister(name, value);
    }
}
