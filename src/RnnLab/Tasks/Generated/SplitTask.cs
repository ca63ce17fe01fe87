namespace RnnLab.Tasks;

/// <summary>What an example is made of.</summary>
/// <param name="Key">What it is about.</param>
/// <param name="Source">The input's line.</param>
/// <param name="Target">The target's line.</param>
public sealed record DrawnPair(string Key, string Source, string Target);

/// <summary>
/// A generated task whose parts are told apart by what examples are about: a tenth of that, chosen by a hash, is met in validation alone. Short and frequent
/// inputs are then in both parts in the same measure.
/// </summary>
/// <param name="name">The kind's name.</param>
/// <param name="shape">The form of its examples.</param>
/// <param name="values">Its settings, those of <see cref="GeneratedTask.Sizes"/> among them.</param>
public abstract class SplitTask(string name, TaskShape shape, TaskValues values) : GeneratedTask(name, shape, values, Overlap.Allowed)
{
    private readonly HeldOut _held = new(values.Seed, name);

    /// <summary>What an example of either part is made of, from its random numbers.</summary>
    protected abstract DrawnPair Pair(Draws draws);

    /// <summary>The example of it.</summary>
    protected abstract Example Encode(DrawnPair pair);

    /// <inheritdoc/>
    protected sealed override Example Draw(Draws draws) => Encode(Pair(draws));

    /// <inheritdoc/>
    protected sealed override Example Draw(Draws draws, string part) => Encode(_held.Draw(() => Pair(draws), pair => pair.Key, part != "train"));
}
