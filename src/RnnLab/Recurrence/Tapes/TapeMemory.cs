using System.Globalization;

namespace RnnLab.Recurrence;

/// <summary>
/// How much of a sequence's activations a tape keeps for its backward. What it does not keep is computed again from states saved on the way; the gradient is the same
/// (in the fused form to the last bit).
/// </summary>
/// <remarks>
/// A step tape is what one recorded step takes: its gates and states. A state alone takes 2/6 of an LSTM's step tape, 1/5 of a GRU's, half of an RNN's (fused form).
/// What is recorded at a time are whole blocks, the steps whose sums are made together, so that the bits stay the same: as many steps as have 256 rows for each thread with
/// rows of its own (fused form), or 1,024 rows (readable form); with a batch of 2, no less than 128 or 512 steps. Workspaces and packed weights come on top and do not grow with T.
/// </remarks>
public abstract record TapeMemory
{
    private TapeMemory()
    {
    }

    /// <summary>All of it: T step tapes, each step computed once. The default.</summary>
    public static TapeMemory Full { get; } = new Everything();

    /// <summary>About √T step tapes, but at least one block, and as many states as there are such parts (Chen et al. 2016): each step but those at the end is computed twice.</summary>
    public static TapeMemory SquareRoot { get; } = new Root();

    /// <summary>
    /// At most <paramref name="stepTapes"/> step tapes, states included, with the schedule that computes the fewest steps within them while it records 1, 2, 4, … blocks at a time
    /// (Griewank and Walther 2000; for back-propagation through time Gruslys et al. 2016).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public static TapeMemory Budget(int stepTapes)
        => stepTapes > 0 ? new Bounded(stepTapes) : throw new ArgumentOutOfRangeException(nameof(stepTapes), stepTapes, "a budget must be positive");

    /// <summary>The one of that name: full, sqrt, or a budget in step tapes; null for any other text.</summary>
    public static TapeMemory? Named(string name) => name switch
    {
        "full" => Full,
        "sqrt" => SquareRoot,
        _ => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var stepTapes) && stepTapes > 0 ? Budget(stepTapes) : null,
    };

    /// <summary>Its name.</summary>
    public sealed override string ToString() => this switch
    {
        Root => "sqrt",
        Bounded bounded => bounded.StepTapes.ToString(CultureInfo.InvariantCulture),
        _ => "full",
    };

    private sealed record Everything : TapeMemory;

    private sealed record Root : TapeMemory;

    private sealed record Bounded(int StepTapes) : TapeMemory;

    /// <summary>The plan for a sequence.</summary>
    /// <param name="T">Its steps.</param>
    /// <param name="blockSteps">Steps that are always computed together.</param>
    /// <param name="stateCost">What a state takes, in step tapes.</param>
    /// <exception cref="ArgumentException">The budget has no room for one block and what it needs.</exception>
    internal CheckpointPlan Plan(int T, int blockSteps, double stateCost) => this switch
    {
        Root => CheckpointPlan.EveryState(T, Math.Max(1, (int)Math.Round(Math.Sqrt(T) / blockSteps)) * blockSteps),
        Bounded bounded => CheckpointPlan.Within(bounded.StepTapes, T, blockSteps, stateCost),
        _ => CheckpointPlan.EveryState(T, T),
    };
}
