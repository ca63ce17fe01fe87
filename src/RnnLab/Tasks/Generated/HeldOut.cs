using RnnLab.Randomness;

namespace RnnLab.Tasks;

/// <summary>
/// Which of the things that examples are about (a number, a date, a line) are for validation alone: each has a coin of its own, from the seed and a hash of its name.
/// </summary>
/// <param name="seed">The experiment's seed.</param>
/// <param name="task">The task's name.</param>
public sealed class HeldOut(ulong seed, string task)
{
    /// <summary>The share of them, of a large number.</summary>
    public const double Share = 0.1;

    /// <summary>So many in a row fall into one part only where nearly all that can be drawn is in it.</summary>
    private const int MostDraws = 10_000;

    private readonly RandomStream _coins = new(seed, $"task/{task}/held_out");

    /// <summary>Whether a thing is held out.</summary>
    public bool Has(string key) => _coins.Uniform(Hash(key)) < Share;

    /// <summary>Draws until a thing is of the validation part, or of the training part.</summary>
    /// <param name="draw">Draws one.</param>
    /// <param name="key">Its name.</param>
    /// <param name="validation">Which part it is to be of.</param>
    /// <exception cref="UserException">There are too few different ones.</exception>
    public T Draw<T>(Func<T> draw, Func<T, string> key, bool validation)
    {
        ArgumentNullException.ThrowIfNull(draw);
        ArgumentNullException.ThrowIfNull(key);
        for (var i = 0; i < MostDraws; i++)
            if (draw() is var drawn && Has(key(drawn)) == validation)
                return drawn;
        throw new UserException($"task {task}: there are too few different examples to hold some out for validation");
    }

    // FNV-1a over the UTF-16 words: string.GetHashCode is another one in every process.
    private static ulong Hash(string key) => key.Aggregate(14695981039346656037UL, (hash, c) => unchecked((hash ^ c) * 1099511628211UL));
}
