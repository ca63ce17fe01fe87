using RnnLab.Layers;
using RnnLab.Tasks;

namespace RnnLab.Models;

/// <summary>The forms of examples and batches that a <see cref="SequenceModel"/> is for.</summary>
internal static class SequenceForm
{
    /// <exception cref="ArgumentException">The shape is not for such a model, or a part does not fit it.</exception>
    public static void Require(TaskShape shape, bool hasTokenInput, Readout readout, bool seesLaterInputs)
    {
        var each = shape.Place == TargetPlace.EachStep;
        if (shape.Place == TargetPlace.OwnSteps)
            throw new ArgumentException("targets of their own length need an encoder and a decoder; expected one at each step or one for the whole sequence", nameof(shape));
        if (hasTokenInput != (shape.Input.Kind == ValueKind.Tokens))
            throw new ArgumentException($"inputs are {shape.Input.Kind}: tokens, and they alone, go through an embedding or one-hot", nameof(shape));
        if (ReferenceEquals(readout, Readout.EachStep) != each)
            throw new ArgumentException(
                each ? "readout: targets stand at each step, and need the output of each" : "readout: there is one target for the whole sequence, which needs one vector");
        if (seesLaterInputs && (shape.IsCausal || shape.IsAutoregressive))
            throw new ArgumentException(
                "bidirectional: a target is to be told from what came before it alone, and the layer that runs in reverse would see the very values that are asked for; "
                + "expected false");
    }

    /// <exception cref="ArgumentException">The batch's tensors are not those of examples of that shape.</exception>
    public static void Require(SequenceBatch batch, TaskShape shape, ScalarType dtype)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var (T, B) = (batch.Inputs.shape[0], batch.Size);
        long[] places = shape.Place == TargetPlace.EachStep ? [T, B] : [B];
        Require(batch.Inputs, shape.Input, [T, B], dtype, "inputs");
        Require(batch.Targets, shape.Target, places, dtype, "targets");
        if (batch.Weights is { } weights)
            Require(weights, places, dtype, "weights");
    }

    private static void Require(Tensor values, ValueShape shape, long[] places, ScalarType dtype, string name)
    {
        if (shape.Kind == ValueKind.Tokens)
            Require(values, places, ScalarType.Int64, name);
        else
            Require(values, [.. places, shape.Size], dtype, name);
    }

    private static void Require(Tensor tensor, long[] shape, ScalarType dtype, string name)
    {
        if (!tensor.shape.SequenceEqual(shape) || tensor.dtype != dtype)
            throw new ArgumentException($"{name} are ({string.Join(", ", tensor.shape)}) of {tensor.dtype}, expected ({string.Join(", ", shape)}) of {dtype}");
    }
}
