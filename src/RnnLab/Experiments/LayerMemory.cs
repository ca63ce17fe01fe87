using System.Runtime.Intrinsics;
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
    // Rows that a thread of a fused backward pass sums at once into the weights' gradients, and columns of ∂gates that it packs for it.
    private const int SummedRows = 256, BandColumns = 16;

    /// <summary>The layer of a config's model whose input is <paramref name="inputs"/> wide.</summary>
    public static LayerMemory Of(ExperimentConfig config, int inputs)
    {
        var (cell, t) = (config.Model.NewCell(), config.Training);
        var masks = config.Model.Stack.Regularization;
        return config is { Kernel: Kernel.Fast, Device: "cpu" } && !masks.HasZoneout && masks.RecurrentDropout == 0 && FusedPasses.SlotsOf(cell) is { } slots
            ? Fused(slots, cell, t.K2, t.BatchSize, inputs, VectorBytes / MemoryEstimate.BytesOfNumber(config), config.Threads ?? Environment.ProcessorCount, t.TapeMemory)
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
            throw new UserException($"training.tape_memory: {exception.Message}");
        }
    }

    // As FusedPasses chooses them.
    private static int VectorBytes => Vector512.IsHardwareAccelerated ? 64 : Vector256.IsHardwareAccelerated ? 32 : 16;

    private static LayerMemory Fused(GateSlots slots, Cell cell, int T, int B, int I, int vector, int threads, TapeMemory memory)
    {
        var H = (int)cell.HiddenSize;
        var layout = new RowLayout(slots, H, vector);
        double Panels(double k, int vectors) => k * (vectors + vectors % 2) * vector;
        int Vectors(int columns) => (columns + vector - 1) / vector;

        var forward = Panels(I + H, slots.Gates * layout.Vectors) + layout.Stride;
        var grid = WorkerGrid.For(threads, T, B, new UnitGroups(slots.Gates, layout.Vectors).Count, (double)B * H * H * slots.Gates);
        var steps = Math.Clamp((long)SummedRows * grid.Rows / B, 1, T);
        var summed = Math.Clamp(steps * ((B + grid.Rows - 1) / grid.Rows), SummedRows, 2 * SummedRows);
        double gates = (double)slots.Gates * H, paddedGates = (double)slots.Gates * layout.Padded;
        var backward = Panels(paddedGates, layout.Vectors) + Panels(paddedGates, Vectors(I))
            + grid.Workers * (Panels(summed, Vectors(I)) + Panels(summed, Vectors(H)) + (double)BandColumns * summed)
            + (grid.Rows - 1) * gates * (I + H + 2)
            + (double)B * (layout.Padded + vector) + (cell.HasCellState ? (double)B * layout.Padded : 0) + 2 * Math.Max(I, layout.Padded);
        var plan = memory.Plan(T, (int)steps, FusedPasses.StateCostOf(cell));
        var rows = (long)Math.Min(plan.UnitSteps, T) * B;
        var tape = SequenceMemory<float>.Numbers(layout, cell.HasCellState, rows, rows + B) + SavedStates(plan, cell, B);
        return new(true, tape, Math.Max(forward, backward));
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
