namespace RnnLab.Training.Optimizers;

internal static class Require
{
    /// <summary>A decay rate, in [0, 1).</summary>
    public static void Rate(double value, string name)
    {
        if (!(value >= 0 && value < 1))
            throw new ArgumentOutOfRangeException(name, value, "must be in [0, 1)");
    }
}
