using RnnLab.Cells;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Sequences;
using static TorchSharp.torch.nn.utils.rnn;

namespace RnnLab.Modules;

/// <summary>
/// RnnLab's recurrence as a TorchSharp module like any other: in a model that autograd differentiates, its forward and backward passes are the hand-written
/// ones, as one node of the graph. Parameters have PyTorch's names, shapes and order (weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, …, _reverse), so that
/// state dictionaries go from and to TorchSharp's modules.
/// <para>
/// Inputs are (T, B, I), with batch_first (B, T, I), or (T, I) without a batch; outputs are alike, (T, B, D·O), with D directions and O = H, or P where the
/// cell projects. States are (layers·D, B, O), or (layers·D, O), from the lowest layer up, of each the forward direction, then the reverse; h_n is that after
/// each sequence's last step. States that are not given are 0.
/// </para>
/// <para>
/// Dropout between layers, and whatever <see cref="RecurrentModuleOptions.Regularization"/> says, act in training; the masks are a function of the seed and the
/// number of the time step, which goes on from call to call.
/// </para>
/// <para>
/// Under <c>no_grad</c>, or where nothing requires a gradient, nothing is recorded. A graph that is retained may be gone back through again: the forward pass
/// then runs once more. With create_graph the gradients are computed by autograd over the readable form, and can be differentiated again.
/// </para>
/// </summary>
/// <typeparam name="TState">The state that a call may be given.</typeparam>
/// <typeparam name="TResult">The output and the state after it.</typeparam>
public abstract class RecurrentModule<TState, TResult> : nn.Module<Tensor, TState, TResult>
{
    private readonly ModuleForm _form;
    private readonly bool _batchFirst;
    private readonly string[] _weights;

    private protected RecurrentModule(string name, ModuleForm form, bool hasCellState, bool batchFirst, Device? device, ScalarType? dtype)
        : base(name)
    {
        if (form.Cell.HasCellState != hasCellState)
        {
            var fit = hasCellState ? "h alone: it goes into a HiddenStateModule" : "(h, c): it goes into a CellStateModule";
            throw new ArgumentException($"the state of {form.Cell.Name} is {fit}");
        }
        (_form, _batchFirst) = (form, batchFirst);
        var parameters = form.Create(dtype ?? get_default_dtype(), device ?? get_default_device()).ToArray();
        _weights = [.. parameters.Select(p => p.Name)];
        foreach (var (parameter, weight) in parameters)
            register_parameter(parameter, weight);
    }

    /// <summary>
    /// The number of the next call's first time step, which the masks are a function of, with the seed of <see cref="RecurrentModuleOptions"/>: it is what a training that is to be
    /// resumed must save beside the weights.
    /// </summary>
    public long NextTimeStep { get; set; }

    /// <summary>There for models that call it: RnnLab's weights need no flattening, so it does nothing.</summary>
    public void flatten_parameters()
    {
    }

    /// <summary>Output, h_n and, where the cell has one, c_n; in the caller's dispose scope.</summary>
    private protected Tensor[] Run(Tensor input, Tensor? h0, Tensor? c0)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        RequireInput(input);
        var unbatched = input.dim() == 2;
        var x = unbatched ? input.unsqueeze(1) : _batchFirst ? input.transpose(0, 1) : input;
        var results = Run(x, unbatched, h0, c0, lengths: null);
        if (unbatched)
            results = [.. results.Select(result => result.squeeze(1))];
        else if (_batchFirst)
            results[0] = results[0].transpose(0, 1);
        return [.. results.Select(result => result.MoveToOuterDisposeScope())];
    }

    /// <summary>The same over packed sequences, with states in the order of the sequences that were packed.</summary>
    private protected (PackedSequence Output, Tensor[] States) Run(PackedSequence input, Tensor? h0, Tensor? c0)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        if (input.data.shape is not [_, var width] || width != _form.InputSize)
            throw new ArgumentException($"packed input is {RecurrentLayer.Shape(input.data)}, expected (N, {_form.InputSize})");
        var (x, lengths) = pad_packed_sequence(input);
        RequireLikeWeights(x, "packed input");
        var results = Run(x, unbatched: false, h0, c0, SequenceLengths.Of(lengths.data<long>().ToArray()));
        var output = pack_padded_sequence(results[0], lengths, enforce_sorted: input.sorted_indices.IsInvalid);
        return (output.MoveToOuterDisposeScope(), [.. results[1..].Select(state => state.MoveToOuterDisposeScope())]);
    }

    /// <summary>Over a batch (T, B, I).</summary>
    private Tensor[] Run(Tensor x, bool unbatched, Tensor? h0, Tensor? c0, SequenceLengths? lengths)
    {
        var cell = _form.Cell;
        List<Tensor> inputs = [x, State(h0, "h_0", cell.OutputSize, x, unbatched)];
        if (cell.HasCellState)
            inputs.Add(State(c0, "c_0", cell.HiddenSize, x, unbatched));
        inputs.AddRange(_weights.Select(name => get_parameter(name)!));
        bool[] wanted = [.. inputs.Select(tensor => tensor.requires_grad)];
        var call = new RecurrentCall(_form, new SequenceOptions { Lengths = lengths, Training = training, FirstStep = NextStep(x.shape[0]) }, wanted);
        return [.. is_grad_enabled() && wanted.Contains(true) ? RecurrentFunction.apply([call, .. inputs]) : call.Run(inputs)];
    }

    /// <summary>The end of the names of layer <paramref name="idx"/>'s parameters.</summary>
    private protected string LayerName(long idx) => _form.NameOf(idx);

    private long NextStep(long T)
    {
        var first = NextTimeStep;
        if (training && _form.IsStochastic)
            NextTimeStep += T;
        return first;
    }

    private Tensor State(Tensor? given, string name, long width, Tensor x, bool unbatched)
    {
        var B = x.shape[1];
        if (given is null)
            return zeros([_form.Count, B, width], x.dtype, x.device);
        long[] expected = unbatched ? [_form.Count, width] : [_form.Count, B, width];
        if (!given.shape.SequenceEqual(expected))
            throw new ArgumentException($"{name} is {RecurrentLayer.Shape(given)}, expected ({string.Join(", ", expected)})");
        RequireLikeWeights(given, name);
        return unbatched ? given.unsqueeze(1) : given;
    }

    private void RequireInput(Tensor x)
    {
        if (x.dim() is not (2 or 3) || x.shape[^1] != _form.InputSize || x.shape.Contains(0))
            throw new ArgumentException(
                $"input is {RecurrentLayer.Shape(x)}, expected {(_batchFirst ? "(B, T, I)" : "(T, B, I)")} or (T, I), with I = {_form.InputSize} and no dimension of 0");
        RequireLikeWeights(x, "input");
    }

    private void RequireLikeWeights(Tensor x, string name)
    {
        var weight = get_parameter(_weights[0])!;
        if (x.dtype != weight.dtype)
            throw new ArgumentException($"{name} is {x.dtype}, the module's weights are {weight.dtype}");
        if (x.device.type != weight.device.type)
            throw new ArgumentException($"{name} is on {x.device}, the module's weights are on {weight.device}");
    }
}
