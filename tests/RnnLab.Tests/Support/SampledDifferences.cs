using System.Runtime.InteropServices;
using RnnLab.Analysis;

namespace RnnLab.Tests.Support;

/// <summary>Gradients against central differences at the largest element of each and at one other, for tables of many cases.</summary>
internal static class SampledDifferences
{
    /// <summary>The greatest |gradient − difference| at the sampled elements, beside the greatest gradient of its tensor.</summary>
    /// <param name="loss">L as a function of what the variables hold.</param>
    /// <param name="variables">The variables.</param>
    /// <param name="gradients">∂L/∂ of them, by name.</param>
    public static double Worst(Func<double> loss, IEnumerable<(string Name, Tensor Tensor)> variables, IReadOnlyDictionary<string, Tensor> gradients)
        => variables.Max(v => Of(loss, v.Tensor, gradients[v.Name]));

    private static double Of(Func<double> loss, Tensor variable, Tensor gradient)
    {
        var values = MemoryMarshal.Cast<byte, double>(gradient.contiguous().bytes).ToArray();
        var largest = Enumerable.Range(0, values.Length).MaxBy(i => Math.Abs(values[i]));
        int[] elements = values.Length == 1 ? [0] : [largest, (largest + 1 + values.Length / 3) % values.Length];
        var differences = MemoryMarshal.Cast<byte, double>(CentralDifferences.Of(loss, variable, [.. elements.Select(i => (long)i)]).bytes).ToArray();
        return elements.Zip(differences, (i, d) => Math.Abs(values[i] - d)).Max() / Math.Max(Math.Abs(values[largest]), 1e-300);
    }
}
