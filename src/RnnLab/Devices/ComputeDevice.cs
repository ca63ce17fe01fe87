using System.Globalization;

namespace RnnLab.Devices;

/// <summary>Devices by the names that configs use: cpu, cuda, cuda:1.</summary>
public static class ComputeDevice
{
    /// <summary>Whether <paramref name="name"/> has the form of a device name.</summary>
    public static bool IsName(string name) => name is "cpu" or "cuda" || CudaIndex(name) is not null;

    /// <summary>Whether the name is of a CUDA device.</summary>
    public static bool IsCuda(string name) => IsName(name) && name != "cpu";

    /// <summary>The device of that name, with TF32 allowed or forbidden on it; on the CPU there is none.</summary>
    /// <exception cref="UserException">There is no such device, or this backend sees no CUDA.</exception>
    public static Device Open(string name, bool allowTf32)
    {
        var opened = Open(name);
        if (IsCuda(name))
            TensorFloat32.Allow(allowTf32);
        return opened;
    }

    /// <summary>The device of that name.</summary>
    /// <exception cref="UserException">There is no such device, or this backend sees no CUDA.</exception>
    public static Device Open(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name == "cpu")
            return CPU;
        if (!IsName(name))
            throw new UserException($"device {name}: expected cpu, cuda or cuda:N");
        if (!cuda.is_available())
            throw new UserException($"device {name}: no CUDA device is available to this backend (see environment.md); use device=cpu");
        var index = CudaIndex(name) ?? 0;
        return index < cuda.device_count()
            ? device(TorchSharp.DeviceType.CUDA, index)
            : throw new UserException($"device {name}: there are {cuda.device_count()} CUDA devices, numbered from 0");
    }

    private static int? CudaIndex(string name)
        => name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : null;
}
