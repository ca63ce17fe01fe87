using RnnLab.Models;

namespace RnnLab.Cli;

/// <summary>The options that say how tokens are drawn.</summary>
internal static class SamplingOptions
{
    /// <exception cref="UserException">A number is out of its range.</exception>
    public static Sampling Of(double temperature, int topK, double topP)
    {
        if (!double.IsFinite(temperature) || temperature < 0)
            throw new UserException($"--temperature {temperature}: expected a number of at least 0");
        if (topK < 0)
            throw new UserException($"--top-k {topK}: expected an integer of at least 0");
        return topP is > 0 and <= 1 ? new(temperature, topK, topP) : throw new UserException($"--top-p {topP}: expected a number above 0 and at most 1");
    }
}
