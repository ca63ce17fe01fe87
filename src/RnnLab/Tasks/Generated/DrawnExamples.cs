using RnnLab.Randomness;

namespace RnnLab.Tasks;

/// <summary>Examples that are drawn, each from random numbers of its own.</summary>
/// <param name="stream">Where they come from; an example's number is the event.</param>
/// <param name="draw">Makes an example of its random numbers.</param>
/// <param name="count">How many there are, or null.</param>
/// <param name="refused">Inputs that are not to be had: an example with one of them is drawn again, from its further random numbers. Null where all may be.</param>
public sealed class DrawnExamples(RandomStream stream, Func<Draws, Example> draw, long? count = null, Lazy<HashSet<string>>? refused = null) : IExamples
{
    /// <summary>So many draws in a row are refused only where nearly all that can be drawn is refused.</summary>
    private const int MostDraws = 10_000;

    /// <inheritdoc/>
    public long? Count => count;

    /// <inheritdoc/>
    /// <exception cref="UserException">Nothing but refused inputs is drawn: there are too few different ones.</exception>
    public Example this[long index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            if (index >= count)
                throw new ArgumentOutOfRangeException(nameof(index), index, $"there are {count} examples");
            var draws = new Draws(stream, index);
            for (var i = 0; i < MostDraws; i++)
                if (draw(draws) is var example && (refused is null || !refused.Value.Contains(KeyOf(example))))
                    return example;
            throw new UserException("task: too few different examples for a training and a validation part that share none: make them longer, or the parts smaller");
        }
    }

    /// <summary>The inputs of all examples, of which there is a count: made when first asked for.</summary>
    public Lazy<HashSet<string>> Inputs() => new(() =>
    {
        if (count is null)
            throw new InvalidOperationException("examples without an end cannot be gone through");
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (long i = 0; i < count; i++)
            keys.Add(KeyOf(this[i]));
        return keys;
    });

    /// <summary>An input of tokens as a text: equal where the inputs are.</summary>
    private static string KeyOf(Example example) => string.Create(
        example.Input.Length, ((TokenSteps)example.Input).Values, (text, tokens) =>
        {
            for (var i = 0; i < tokens.Length; i++)
                text[i] = checked((char)tokens[i]);
        });
}
