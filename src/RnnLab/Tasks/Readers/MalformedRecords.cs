namespace RnnLab.Tasks;

/// <summary>A record of a file is not what its format says.</summary>
/// <param name="problem">What was expected and what is there.</param>
/// <param name="line">The line within the record, from 0.</param>
internal sealed class MalformedRecordException(string problem, int line = 0) : Exception(problem)
{
    public int Line => line;
}

/// <summary>What becomes of malformed records: the first is refused, or all are skipped and counted.</summary>
/// <param name="skip">Whether they are skipped.</param>
internal sealed class MalformedRecords(bool skip)
{
    /// <summary>The setting of readers that can do so.</summary>
    public static readonly FlagSetting Setting = new("skip_malformed", "malformed records are skipped and counted, else the first is an error", false);

    /// <summary>How many were skipped.</summary>
    public long Skipped { get; private set; }

    /// <summary>Takes note of one.</summary>
    /// <exception cref="UserException">They are not skipped.</exception>
    public void Take(string where, string problem)
    {
        if (!skip)
            throw new UserException($"{where}: {problem}");
        Skipped++;
    }

    /// <summary>For a task's description.</summary>
    public override string ToString() => Skipped == 0 ? "" : $", {Skipped} malformed skipped";
}
