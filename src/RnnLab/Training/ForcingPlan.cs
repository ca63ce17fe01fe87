using RnnLab.Forcing;

namespace RnnLab.Training;

/// <summary>What a forcing schedule's i counts.</summary>
public enum ScheduleClock
{
    /// <summary>Updates done.</summary>
    Step,

    /// <summary>Passes over the training data done.</summary>
    Epoch,
}

/// <summary>Teacher forcing over a training: its schedule, and what a coin that falls the other way feeds.</summary>
/// <param name="Schedule">ε over time.</param>
/// <param name="Clock">What its i counts.</param>
/// <param name="Forcing">The coins; their probability is the schedule's.</param>
public sealed record ForcingPlan(ForcingSchedule Schedule, ScheduleClock Clock, TeacherForcing Forcing)
{
    /// <summary>The forcing of an update.</summary>
    /// <param name="step">Updates done before it.</param>
    /// <param name="epoch">Passes done before it.</param>
    public TeacherForcing At(long step, long epoch) => Forcing with { Probability = Schedule.At(Clock == ScheduleClock.Step ? step : epoch) };
}
