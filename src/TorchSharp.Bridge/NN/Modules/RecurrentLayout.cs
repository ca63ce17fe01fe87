using System.Runtime.InteropServices;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.utils.rnn;

namespace TorchSharp.Modules;

/// <summary>
/// What libtorch's recurrent operators share: the options, PyTorch's parameter names and shapes
/// (weight_ih_l{k} (gates H, I), weight_hh_l{k} (gates H, H), bias_ih_l{k} and bias_hh_l{k} (gates H), then the same with _reverse)
/// and the initial state (layers · directions, B, H).
/// </summary>
internal sealed record RecurrentLayout(
    long Gates, long InputSize, long HiddenSize, long Layers, bool Bias, bool BatchFirst, double Dropout, bool Bidirectional)
{
    private long Directions => Bidirectional ? 2 : 1;

    /// <summary>New parameters, U(−1/√H, 1/√H), in the order in which the operators take them.</summary>
    internal IEnumerable<(string name, Parameter parameter)> Create()
    {
        Validate();
        var bound = 1 / Math.Sqrt(HiddenSize);
        foreach (var (name, shape) in Shapes())
        {
            var parameter = new Parameter(empty(shape));
            parameter.DetachFromDisposeScope();
            nn.init.uniform_(parameter, -bound, bound);
            yield return (name, parameter);
        }
    }

    /// <summary>Calls an operator whose state is h alone (rnn_tanh, rnn_relu, gru): the outputs and the final h.</summary>
    internal (Tensor output, Tensor h) Run(string name, Tensor input, Tensor? h0, Tensor[] parameters, bool training)
    {
        CheckInput(input);
        using var zero = h0 is null ? Zeros(input) : null;
        return Op.Call2(name, input, h0 ?? zero, parameters, Bias, Layers, Dropout, training, Bidirectional, BatchFirst);
    }

    /// <summary>The same over packed sequences (rnn_tanh.data and so on).</summary>
    internal (PackedSequence output, Tensor h) Run(string name, PackedSequence input, Tensor? h0, Tensor[] parameters, bool training)
    {
        var (output, states) = Run(name, input, h0 is null ? null : [h0], 1, parameters, training);
        return (output, states[0]);
    }

    /// <summary>
    /// Calls an operator over packed sequences, "aten::lstm.data" say: the outputs as packed, and the final states in the caller's
    /// order of the sequences. Absent initial states are zeros.
    /// </summary>
    internal (PackedSequence output, Tensor[] states) Run(
        string name, PackedSequence input, Tensor[]? initial, int count, Tensor[] parameters, bool training)
    {
        using var scope = NewDisposeScope();
        CheckPacked(input);
        long[] shape = [Layers * Directions, input.batch_sizes[0].item<long>(), HiddenSize];
        initial ??= [.. Enumerable.Repeat(zeros(shape, input.data.dtype, input.data.device), count)];
        foreach (var state in initial)
            if (!state.shape.SequenceEqual(shape))
                throw new ExternalException($"A state must be ({string.Join(", ", shape)}), but is ({string.Join(", ", state.shape)}).");

        var ordered = Array.ConvertAll(initial, state => Reorder(state, input.sorted_indices));
        var results = Op.Call(
            name, input.data, input.batch_sizes, count == 1 ? ordered[0] : ordered, parameters, Bias, Layers, Dropout, training,
            Bidirectional);
        return (
            input.With(results[0]).MoveToOuterDisposeScope(),
            Array.ConvertAll(results[1..], state => Reorder(state, input.unsorted_indices).MoveToOuterDisposeScope()));
    }

    /// <summary>A state of zeros.</summary>
    internal Tensor Zeros(Tensor input) =>
        zeros(Layers * Directions, Batch(input), HiddenSize, input.dtype, input.device);

    /// <summary>libtorch checks the states itself; its message about the input would speak of an inner matrix product.</summary>
    internal void CheckInput(Tensor input)
    {
        var shape = input.shape;
        if (shape.Length != 3 || shape[2] != InputSize)
            throw new ExternalException(
                $"The input must be ({(BatchFirst ? "batch, time" : "time, batch")}, {InputSize}), but is ({string.Join(", ", shape)}).");
    }

    private void CheckPacked(PackedSequence input)
    {
        var shape = input.data.shape;
        if (shape.Length != 2 || shape[1] != InputSize)
            throw new ExternalException(
                $"The packed input must be (the lengths' sum, {InputSize}), but is ({string.Join(", ", shape)}).");
    }

    private static Tensor Reorder(Tensor state, Tensor order) => order.IsInvalid ? state : state.index_select(1, order);

    private long Batch(Tensor input) => input.shape[BatchFirst ? 0 : 1];

    private IEnumerable<(string name, long[] shape)> Shapes()
    {
        var rows = Gates * HiddenSize;
        for (var layer = 0L; layer < Layers; layer++)
        {
            var inputs = layer == 0 ? InputSize : HiddenSize * Directions;
            for (var direction = 0L; direction < Directions; direction++)
            {
                var suffix = $"_l{layer}{(direction == 0 ? "" : "_reverse")}";
                yield return ("weight_ih" + suffix, [rows, inputs]);
                yield return ("weight_hh" + suffix, [rows, HiddenSize]);
                if (!Bias) continue;
                yield return ("bias_ih" + suffix, [rows]);
                yield return ("bias_hh" + suffix, [rows]);
            }
        }
    }

    private void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(InputSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(HiddenSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Layers, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Dropout);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Dropout, 1);
    }
}
