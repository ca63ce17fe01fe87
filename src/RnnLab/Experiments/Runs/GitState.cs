namespace RnnLab.Experiments.Runs;

/// <summary>The commit that a folder's checkout is at.</summary>
internal static class GitState
{
    /// <summary>
    /// The commit and whether tracked files differ from it; nulls where the folder is in no checkout, or there is no git.
    /// </summary>
    public static (string? Commit, bool? Dirty) Of(string folder)
    {
        if (CommandOutput.Of("git", ["rev-parse", "HEAD"], folder) is not { } commit)
        {
            return (null, null);
        }
        var changes = CommandOutput.Of("git", ["status", "--porcelain", "--untracked-files=no"], folder);
        return (commit.Trim(), changes is null ? null : changes.Length > 0);
    }
}
