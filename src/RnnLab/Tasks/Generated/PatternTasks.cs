namespace RnnLab.Tasks;

/// <summary>The kinds of task that show the input/output patterns: time series, sequence pairs, one-to-many, many-to-one and many-to-many in step.</summary>
public static class PatternTasks
{
    /// <summary>The kinds, family by family.</summary>
    public static IReadOnlyList<TaskKind> All { get; } =
    [
        SineTask.Kind, MackeyGlass.Kind, Lorenz.Kind, NarmaTask.Kind,
        LettersTask.Reversal, LettersTask.Sorting, IntegerAdditionTask.Kind, NumberWordsTask.Kind, DateNormalizationTask.Kind,
        CaptionsTask.Kind, ReviewsTask.Kind, FrameLabelsTask.Kind,
    ];
}
