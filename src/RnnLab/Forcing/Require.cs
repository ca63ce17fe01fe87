namespace RnnLab.Forcing;

/// <summary>Ranges that the schedules share.</summary>
internal static class Require
{
    public static double Probability(double value, string name)
        => value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be in [0, 1]");

    /// <summary>Steps or epochs that are done.</summary>
    public static double Progress(double i)
        => i >= 0 && double.IsFinite(i) ? i : throw new ArgumentOutOfRangeException(nameof(i), i, "i must be finite and at least 0");
}
