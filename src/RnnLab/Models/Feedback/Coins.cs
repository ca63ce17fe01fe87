using RnnLab.Forcing;

namespace RnnLab.Models;

/// <summary>The coins of teacher forcing, on the device.</summary>
internal static class Coins
{
    /// <summary>Which sequences are fed the truth at a step, (B), bool; null where all are, so that the model's own output is not asked for.</summary>
    public static Tensor? OfStep(TeacherForcing forcing, long firstStep, int t, long batch, Device device)
    {
        var truth = forcing.Truth(firstStep, t, (int)batch);
        return truth.All(coin => coin) ? null : tensor(truth).to(device);
    }
}
