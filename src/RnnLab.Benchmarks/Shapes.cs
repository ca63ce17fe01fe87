using System.Globalization;

namespace RnnLab.Benchmarks;

/// <summary>The sizes of one layer's problem; its input is as wide as its state, I = H.</summary>
/// <param name="T">Steps.</param>
/// <param name="B">Batch.</param>
/// <param name="H">Units.</param>
public sealed record LayerShape(int T, int B, int H)
{
    /// <summary>Small and large layers, and a batch of one.</summary>
    public static IReadOnlyList<LayerShape> Defaults { get; } = [new(64, 32, 128), new(64, 32, 256), new(35, 20, 650), new(100, 64, 512), new(100, 1, 64)];

    /// <summary>What a training loop's recurrent module is measured at.</summary>
    public static IReadOnlyList<LayerShape> ModuleDefaults { get; } = [new(64, 32, 256), new(50, 50, 128)];

    /// <summary>Reads <c>T,B,H;T,B,H;…</c>, or <c>none</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="option">The option that it was given to, for the message.</param>
    /// <exception cref="UserException">It has not that form, or a number is not positive.</exception>
    public static IReadOnlyList<LayerShape> Parse(string text, string option) => [.. Sizes.Parse(text, option, "T,B,H").Select(n => new LayerShape(n[0], n[1], n[2]))];
}

/// <summary>The sizes of one character model's training.</summary>
/// <param name="Layers">Recurrent layers.</param>
/// <param name="H">Units of each.</param>
/// <param name="B">Batch.</param>
/// <param name="T">Steps of a chunk.</param>
public sealed record ModelShape(int Layers, int H, int B, int T)
{
    /// <summary>Two layers, small to large.</summary>
    public static IReadOnlyList<ModelShape> Defaults { get; } = [new(2, 128, 50, 50), new(2, 256, 32, 64), new(2, 512, 64, 64)];

    /// <summary>Reads <c>layers,H,B,T;layers,H,B,T;…</c>, or <c>none</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="option">The option that it was given to, for the message.</param>
    /// <exception cref="UserException">It has not that form, or a number is not positive.</exception>
    public static IReadOnlyList<ModelShape> Parse(string text, string option) => [.. Sizes.Parse(text, option, "layers,H,B,T").Select(n => new ModelShape(n[0], n[1], n[2], n[3]))];
}

/// <summary>Lists of positive integers, as options give them.</summary>
internal static class Sizes
{
    public static IReadOnlyList<int[]> Parse(string text, string option, string form)
    {
        var count = form.Split(',').Length;
        if (text.Trim() == "none")
            return [];
        var items = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (items.Length == 0)
            throw new UserException($"{option}: expected {form} or several of them with ';' between, or none");
        return [.. items.Select(item => Parse(item))];

        int[] Parse(string item)
        {
            var numbers = item.Split(',').Select(part => int.TryParse(part, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var n) ? n : 0).ToArray();
            return numbers.Length == count && numbers.All(n => n > 0) ? numbers : throw new UserException($"{option}: {item}: expected {form}, {count} positive integers");
        }
    }
}
