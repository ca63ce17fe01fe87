namespace RnnLab.Tasks;

/// <summary>A choice that a kind of task leaves, by the name that configs use.</summary>
/// <param name="Name">The key.</param>
/// <param name="Meaning">What it is, in a few words.</param>
public abstract record TaskSetting(string Name, string Meaning);

/// <summary>An integer in a range. Its value is a long.</summary>
/// <param name="Name">The key.</param>
/// <param name="Meaning">What it is.</param>
/// <param name="Default">The number unless one is given.</param>
/// <param name="Min">The least.</param>
/// <param name="Max">The most.</param>
public sealed record IntegerSetting(string Name, string Meaning, long Default, long Min, long Max) : TaskSetting(Name, Meaning);

/// <summary>A real number in a range. Its value is a double.</summary>
/// <param name="Name">The key.</param>
/// <param name="Meaning">What it is.</param>
/// <param name="Default">The number unless one is given.</param>
/// <param name="Min">The least.</param>
/// <param name="Max">The most.</param>
public sealed record NumberSetting(string Name, string Meaning, double Default, double Min, double Max) : TaskSetting(Name, Meaning);

/// <summary>One of a few words. Its value is a string.</summary>
/// <param name="Name">The key.</param>
/// <param name="Meaning">What it is.</param>
/// <param name="Default">The word unless one is given.</param>
/// <param name="Allowed">The words.</param>
public sealed record WordSetting(string Name, string Meaning, string Default, params IReadOnlyList<string> Allowed) : TaskSetting(Name, Meaning);

/// <summary>Yes or no. Its value is a bool.</summary>
/// <param name="Name">The key.</param>
/// <param name="Meaning">What it is.</param>
/// <param name="Default">The value unless one is given.</param>
public sealed record FlagSetting(string Name, string Meaning, bool Default) : TaskSetting(Name, Meaning);

/// <summary>A file. Its value is an absolute path, or null where it is not required and not given.</summary>
/// <param name="Name">The key.</param>
/// <param name="Meaning">What it is.</param>
/// <param name="Required">Whether it must be given.</param>
public sealed record FileSetting(string Name, string Meaning, bool Required) : TaskSetting(Name, Meaning);

/// <summary>A text. Its value is a string, or null where it is not given.</summary>
/// <param name="Name">The key.</param>
/// <param name="Meaning">What it is.</param>
public sealed record TextSetting(string Name, string Meaning) : TaskSetting(Name, Meaning);

/// <summary>A list of texts. Its value is an IReadOnlyList of string, empty where it is not given.</summary>
/// <param name="Name">The key.</param>
/// <param name="Meaning">What it is.</param>
public sealed record TextsSetting(string Name, string Meaning) : TaskSetting(Name, Meaning);

/// <summary>A list of integers in a range. Its value is an IReadOnlyList of long.</summary>
/// <param name="Name">The key.</param>
/// <param name="Meaning">What it is.</param>
/// <param name="Default">The numbers unless some are given.</param>
/// <param name="Min">The least.</param>
/// <param name="Max">The most.</param>
public sealed record IntegersSetting(string Name, string Meaning, IReadOnlyList<long> Default, long Min, long Max) : TaskSetting(Name, Meaning);
