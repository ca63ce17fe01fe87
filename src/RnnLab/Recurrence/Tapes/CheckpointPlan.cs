namespace RnnLab.Recurrence;

/// <summary>
/// Which states to save on the way through a sequence, so that it can be gone back through with few of its steps on tape. The sequence is cut into units of
/// <see cref="UnitSteps"/> steps, one of which is recorded at a time; between them at most <see cref="States"/> states are held beside that before the first step.
/// </summary>
/// <remarks>
/// To go back through n units with m states, save one after the first y, go back through the n − y others with the m − 1 states left, then through
/// the first y with all m again. The fewest units run forward, those that are recorded included, are (Gruslys et al. 2016, for hidden states)
/// <code>
/// C(1, m) = 1      C(n, 0) = n (n + 1) / 2      C(n, m) = min over y of  y + C(n − y, m − 1) + C(y, m)
/// </code>
/// </remarks>
internal sealed class CheckpointPlan
{
    // Beyond it the table of C would take longer than what it saves: units are made longer instead.
    private const int MostUnits = 512;

    private static readonly Lazy<(long[,] Cost, short[,] First)> Table = new(Fill);

    private readonly bool _savesAll;

    private CheckpointPlan(int steps, int unitSteps, int states, bool savesAll, long cost)
        => (T, UnitSteps, States, _savesAll, Cost) = (steps, unitSteps, states, savesAll, cost);

    /// <summary>T.</summary>
    public int T { get; }

    /// <summary>Steps of a unit; the last may be shorter.</summary>
    public int UnitSteps { get; }

    /// <summary>States held at once, at most.</summary>
    public int States { get; }

    /// <summary>Units run forward in all.</summary>
    public long Cost { get; }

    /// <summary>Units of the sequence.</summary>
    public int Units => CountUnits(T, UnitSteps);

    /// <summary>Every unit's state is saved: each is run once, and once more to be recorded, but for the last.</summary>
    public static CheckpointPlan EveryState(int steps, int unitSteps)
    {
        var units = CountUnits(steps, unitSteps);
        return new(steps, unitSteps, units - 1, savesAll: true, 2L * units - 1);
    }

    /// <summary>The cheapest plan that holds at most so many step tapes.</summary>
    /// <exception cref="ArgumentException">There is no room for one unit and the state before it.</exception>
    public static CheckpointPlan Within(int stepTapes, int steps, int blockSteps, double stateCost)
    {
        if (steps + stateCost <= stepTapes)
            return EveryState(steps, steps);
        CheckpointPlan? best = null;
        for (var unit = blockSteps; unit < steps; unit *= 2)
        {
            // The state before the first step is held too.
            var states = (int)Math.Floor((stepTapes - Math.Min(unit, steps)) / stateCost) - 1;
            if (states < 0)
                break;
            if (CountUnits(steps, unit) <= MostUnits && Cheapest(steps, unit, states) is var plan && (best is null || plan.StepsRun < best.StepsRun))
                best = plan;
        }
        var least = blockSteps;
        while (CountUnits(steps, least) > MostUnits)
            least *= 2;
        return best ?? throw new ArgumentException($"a tape of {stepTapes} steps has no room: {steps} steps in parts of {least} need at least {least + (int)Math.Ceiling(stateCost)}");
    }

    /// <summary>How many units to run before the next state is saved, to go back through <paramref name="units"/> of them with <paramref name="states"/> states to spare; 0 where none is.</summary>
    public int FirstPart(int units, int states) => states == 0 ? 0 : _savesAll ? 1 : Table.Value.First[units, Math.Min(states, units - 1)];

    private long StepsRun => Cost * UnitSteps;

    private static int CountUnits(int steps, int unitSteps) => (int)(((long)steps + unitSteps - 1) / unitSteps);

    private static CheckpointPlan Cheapest(int steps, int unitSteps, int states)
    {
        var n = CountUnits(steps, unitSteps);
        return states >= n - 1 ? EveryState(steps, unitSteps) : new(steps, unitSteps, states, savesAll: false, Table.Value.Cost[n, states]);
    }

    /// <summary>C(n, m), and the y that gives it, for all n up to the most units and m below n.</summary>
    private static (long[,] Cost, short[,] First) Fill()
    {
        var (cost, first) = (new long[MostUnits + 1, MostUnits], new short[MostUnits + 1, MostUnits]);
        for (var n = 1; n <= MostUnits; n++)
        {
            cost[n, 0] = (long)n * (n + 1) / 2;
            for (var m = 1; m < n; m++)
            {
                cost[n, m] = long.MaxValue;
                for (var y = 1; y < n; y++)
                    if (y + cost[n - y, Math.Min(m - 1, n - y - 1)] + cost[y, Math.Min(m, y - 1)] is var sum && sum < cost[n, m])
                        (cost[n, m], first[n, m]) = (sum, (short)y);
            }
        }
        return (cost, first);
    }
}
