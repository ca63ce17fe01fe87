using RnnLab.Recurrence;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Cells;

/// <summary>Values of a cell's own parameters for a test.</summary>
internal static class OwnValues
{
    /// <summary>Adds random numbers to them, so that none has a special value.</summary>
    public static void Move(RecurrentLayer layer)
    {
        using var no_grad = torch.no_grad();
        foreach (var (own, parameter) in layer.Cell.OwnParameters.Zip(layer.Parameters.Own))
        {
            using var change = Draw.Uniform(own.Name, [.. own.Shape]).to(parameter.dtype);
            parameter.add_(change);
        }
    }
}
