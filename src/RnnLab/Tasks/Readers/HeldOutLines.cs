using System.Runtime.InteropServices;
using System.Security.Cryptography;
using RnnLab.Randomness;

namespace RnnLab.Tasks;

/// <summary>
/// Which examples are held out for validation: a function of the seed and of each example's key, so that examples of one key, such as the same line twice, stay
/// together.
/// </summary>
internal static class HeldOutLines
{
    /// <summary>The setting of readers that hold out a part of the training file where there is no validation file.</summary>
    public static readonly NumberSetting Setting = new("validation_fraction", "the part of the examples that is held out, where no validation file is given", 0.1, 1e-6, 0.9);

    /// <summary>The key of an example that is the same where these bytes are.</summary>
    public static ulong Key(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<ulong>(SHA256.HashData(bytes));

    /// <summary>The numbers of the examples to train on and of those held out: of the different keys a fraction, rounded, and at least one.</summary>
    /// <exception cref="UserException">There are fewer than two keys.</exception>
    public static (int[] Training, int[] Validation) Split(IReadOnlyList<ulong> keys, double fraction, ulong seed, string source)
    {
        var stream = new RandomStream(seed, "held_out");
        var ranks = keys.Select(key => stream.Uniform(key)).ToArray();
        var different = ranks.Distinct().Order().ToArray();
        if (different.Length < 2)
            throw new UserException($"{source}: one example cannot be split into a training and a validation part; name a validation file");
        var last = different[Math.Clamp((int)Math.Round(fraction * different.Length), 1, different.Length - 1) - 1];
        var numbers = Enumerable.Range(0, keys.Count).ToArray();
        return ([.. numbers.Where(i => ranks[i] > last)], [.. numbers.Where(i => ranks[i] <= last)]);
    }
}
