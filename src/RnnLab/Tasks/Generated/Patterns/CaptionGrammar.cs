namespace RnnLab.Tasks;

/// <summary>
/// Pictures as attributes and their captions: how many things of which size, colour and shape stand where. A caption names every attribute once: there are three tiny
/// red crosses at the top.
/// </summary>
public static class CaptionGrammar
{
    private static readonly string[] Counts = ["one", "two", "three", "four"];
    private static readonly string[] Sizes = ["tiny", "large", "enormous"];
    private static readonly string[] Colours = ["red", "blue", "green", "yellow", "orange", "purple"];
    private static readonly string[] Shapes = ["circle", "square", "triangle", "star", "cross"];
    private static readonly string[] Positions = ["on the left", "on the right", "at the top", "at the bottom", "in the centre"];

    /// <summary>The values of each attribute: count, size, colour, shape, position.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Attributes { get; } = [Counts, Sizes, Colours, Shapes, Positions];

    /// <summary>Combinations of attributes.</summary>
    public static int Combinations { get; } = Attributes.Aggregate(1, (product, values) => product * values.Count);

    /// <summary>Numbers of an attribute vector: one for each value of each attribute.</summary>
    public static int Width { get; } = Attributes.Sum(values => values.Count);

    /// <summary>The value of each attribute in a combination.</summary>
    /// <param name="combination">From 0, under <see cref="Combinations"/>.</param>
    public static int[] Choices(int combination)
    {
        var choices = new int[Attributes.Count];
        for (var i = 0; i < choices.Length; i++)
            (combination, choices[i]) = Math.DivRem(combination, Attributes[i].Count);
        return choices;
    }

    /// <summary>The attribute vector: for each attribute a block of zeros with a one for its value.</summary>
    public static double[] Vector(IReadOnlyList<int> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        return [.. Attributes.SelectMany((values, i) => values.Select((_, value) => value == choices[i] ? 1.0 : 0.0))];
    }

    /// <summary>The caption's words.</summary>
    public static string[] Caption(IReadOnlyList<int> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        var (size, colour, shape, position) = (Sizes[choices[1]], Colours[choices[2]], Shapes[choices[3]], Positions[choices[4]]);
        var things = choices[0] == 0
            ? $"there is {(StartsWithVowel(size) ? "an" : "a")} {size} {colour} {shape}"
            : $"there are {Counts[choices[0]]} {size} {colour} {Plural(shape)}";
        return $"{things} {position}".Split(' ');
    }

    private static bool StartsWithVowel(string word) => "aeiou".Contains(word[0]);

    private static string Plural(string noun) => noun + (noun.EndsWith('s') ? "es" : "s");
}
