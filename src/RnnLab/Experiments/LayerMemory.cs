using RnnLab.Cells;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Kernels;
using RnnLab.Recurrence.Passes;

namespace RnnLab.Experiments;

/// <summary>What one layer's passes over a window take, in numbers; <see cref="MemoryEstimate"/> has the formulas in words.</summary>
/// <param name="IsFused">Whether the fused passes run.</param>
/// <param name="Tape">From the forward pass to the backward one.</param>
/// <param name="Workspace">During a pass, the larger of the two.</param>
internal sealed record LayerMemory(bool IsFused, double Tape, double Workspace)
{
    /// <summary>The layer of a config's model whose input is <paramref name="inputs"/> wide.</summary>
    public static LayerMemory Of(ExperimentConfig config, int inputs)
    {
        var (cell, t) = (config.Model.Recurrence!.NewCell(), config.Training);
        var dtype = config.ElementType;
        var masks = config.Model.Recurrence!.Stack.Regularization;
        return config is { Kernel: Kernel.Fast, Device: "cpu" } && !masks.HasZoneout && masks.RecurrentDropout == 0
            && FusedPasses.Footprint(cell, dtype, t.K2, t.BatchSize, inputs, config.Threads ?? Environment.ProcessorCount) is { } fused
            ? Fused(fused, cell, t.K2, t.BatchSize, t.TapeMemory)
            : Readable(cell, t.K2, t.BatchSize, masks, t.TapeMemory);
    }

    /// <summary>Requires the tape's budget to have room for the config's windows.</summary>
    /// <exception cref="UserException">It has not.</exception>
    public static void RequireTape(ExperimentConfig config)
    {
        try
        {
            Of(config, 1);
        }
        catch (ArgumentException exception)
        {
            throw config.Error("training.tape_memory", exception.Message);
        }
    }

    private static LayerMemory Fused(FusedFootprint fused, Cell cell, int T, int B, TapeMemory memory)
    {
        var plan = memory.Plan(T, fused.BlockSteps, fused.StateCost);
        return new(true, Math.Min(plan.UnitSteps, T) * fused.Step + fused.State + SavedStates(plan, cell, B), fused.Workspace);
    }

    private static LayerMemory Readable(Cell cell, int T, double B, RecurrentRegularization masks, TapeMemory memory)
    {
        double H = cell.HiddenSize, O = cell.OutputSize, c = cell.HasCellState ? H : 0;
        double inputGates = cell.InputGates * H, gates = cell.Gates * H, own = cell.OwnParameters.Sum(p => (double)p.Shape.Aggregate(1L, (product, n) => product * n));
        var isProjected = cell.ProjectionSize > 0;
        var step = StepFootprint.Of(cell);
        // What φ saves, the states, and where these are projected what they were before.
        var tape = step.Saved + c + O + (isProjected ? H : 0) + (masks.ZoneoutH > 0 ? O : 0) + (masks.ZoneoutC > 0 ? H : 0);
        // ∂a and, unless it is the same, ∂q are there step by step, then as rows, and so are the operands of each product. ∂s has two forms a step: with the
        // output's gradient and without.
        var backward = 2 * (inputGates + (step.IsShared ? 0 : gates)) + 3 * O + (cell.Products.Count - 1) * H + c + (isProjected ? O + H : 0);
        var passes = new ReferencePasses(cell);
        var block = ReferencePasses.BlockSteps(T, (int)B);
        var plan = memory.Plan(T, block, passes.StateCost);
        double steps = Math.Min(plan.UnitSteps, T), together = Math.Min(block, steps);
        return new(false, steps * B * tape + SavedStates(plan, cell, B), together * B * backward + 2 * together * own);
    }

    /// <summary>The states that a bounded tape holds, that before the first step included.</summary>
    private static double SavedStates(CheckpointPlan plan, Cell cell, double B)
        => plan.Units > 1 ? (plan.States + 1) * B * (cell.OutputSize + (cell.HasCellState ? cell.HiddenSize : 0)) : 0;
}
