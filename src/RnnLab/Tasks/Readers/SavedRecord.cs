namespace RnnLab.Tasks;

/// <summary>What a saved run's record says, or one clear line on what it lacks.</summary>
internal static class SavedRecord
{
    /// <summary>A vocabulary of the run.</summary>
    public static Vocabulary Vocabulary(this TaskRecord record, string name)
        => record.Vocabularies.TryGetValue(name, out var symbols) ? Tasks.Vocabulary.Of(symbols) : throw Lacks($"vocabulary {name}");

    /// <summary>Numbers that were fitted in the run, as many as there are to be.</summary>
    public static double[] Fitted(this TaskRecord record, string name, int count)
        => record.Numbers.TryGetValue(name, out var numbers) && numbers.Length == count ? numbers : throw Lacks($"{count} numbers {name}");

    private static UserException Lacks(string what) => new($"the run's record of its data lacks the {what}: it is of another task, or damaged");
}
