using RnnLab.Modules;
using static TorchSharp.torch.nn.utils.rnn;

namespace RnnLab.Tests.Modules;

/// <summary>A module of RnnLab's and TorchSharp's own, with the same weights.</summary>
internal sealed class ModuleTwins
{
    public const long I = 4, H = 5;

    public static readonly string[] Cells = ["lstm", "gru", "rnn", "rnn_relu"];

    private ModuleTwins(Twin ours, Twin theirs)
    {
        (Ours, Theirs) = (ours, theirs);
        using var no_grad = torch.no_grad();
        var weights = theirs.Module.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        foreach (var (name, parameter) in ours.Module.named_parameters())
            parameter.copy_(weights[name]);
    }

    public Twin Ours { get; }

    public Twin Theirs { get; }

    /// <summary>Twins of a cell; <paramref name="variant"/> names what is not the default: 2 layers, bidirectional, no bias, batch first.</summary>
    public static ModuleTwins Of(string cell, string variant = "", ScalarType dtype = ScalarType.Float64, long inputSize = I)
    {
        var (layers, bias) = (variant.Contains('2') ? 2L : 1, !variant.Contains("unbiased"));
        var (batchFirst, bidirectional) = (variant.Contains("batch_first"), variant.Contains("bidirectional"));
        var nonLinearity = cell == "rnn_relu" ? nn.NonLinearities.ReLU : nn.NonLinearities.Tanh;
        return cell switch
        {
            "lstm" => new(
                Twin.Of(new LSTM(inputSize, H, layers, bias, batchFirst, 0, bidirectional, dtype: dtype)),
                Twin.Of(nn.LSTM(inputSize, H, layers, bias, batchFirst, 0, bidirectional, dtype: dtype))),
            "gru" => new(
                Twin.Of(new GRU(inputSize, H, layers, bias, batchFirst, 0, bidirectional, dtype: dtype)),
                Twin.Of(nn.GRU(inputSize, H, layers, bias, batchFirst, 0, bidirectional, dtype: dtype))),
            _ => new(
                Twin.Of(new RNN(inputSize, H, layers, nonLinearity, bias, batchFirst, 0, bidirectional, dtype: dtype)),
                Twin.Of(nn.RNN(inputSize, H, layers, nonLinearity, bias, batchFirst, 0, bidirectional, dtype: dtype))),
        };
    }
}

/// <summary>A recurrent module of either library, called alike whatever its state is.</summary>
/// <param name="Module">The module.</param>
/// <param name="Call">From the input and h_0 and c_0, or null, to the output, h_n and, of an LSTM, c_n.</param>
/// <param name="CallPacked">The same over packed sequences.</param>
internal sealed record Twin(
    nn.Module Module, Func<Tensor, Tensor?, Tensor?, Tensor[]> Call, Func<PackedSequence, Tensor?, Tensor?, (PackedSequence Output, Tensor[] States)> CallPacked)
{
    public static Twin Of(CellStateModule m) => Of(m, (x, s) => m.call(x, s), (x, s) => m.call(x, s));

    public static Twin Of(TorchSharp.Modules.LSTM m) => Of(m, (x, s) => m.call(x, s), (x, s) => m.call(x, s));

    public static Twin Of(HiddenStateModule m) => Of(m, (x, h) => m.call(x, h), (x, h) => m.call(x, h));

    public static Twin Of(TorchSharp.Modules.GRU m) => Of(m, (x, h) => m.call(x, h!), (x, h) => m.call(x, h!));

    public static Twin Of(TorchSharp.Modules.RNN m) => Of(m, (x, h) => m.call(x, h!), (x, h) => m.call(x, h!));

    /// <summary>Results and all gradients for inputs and, where they are given, states, of a loss of order 1 over all results.</summary>
    public Dictionary<string, Tensor> Solve(Tensor x, Tensor? h0 = null, Tensor? c0 = null)
    {
        Tensor[] inputs = [.. new[] { x, h0, c0 }.OfType<Tensor>().Select(Leaf)];
        return Differentiate(Call(inputs[0], inputs.ElementAtOrDefault(1), inputs.ElementAtOrDefault(2)), inputs);
    }

    /// <summary>The same over sequences that are packed from inputs (T, B, I).</summary>
    public Dictionary<string, Tensor> SolvePacked(Tensor x, long[] lengths, bool sorted, Tensor? h0 = null, Tensor? c0 = null)
    {
        Tensor[] inputs = [.. new[] { x, h0, c0 }.OfType<Tensor>().Select(Leaf)];
        var (output, states) = CallPacked(
            pack_padded_sequence(inputs[0], tensor(lengths), enforce_sorted: sorted), inputs.ElementAtOrDefault(1), inputs.ElementAtOrDefault(2));
        var (padded, found) = pad_packed_sequence(output);
        Assert.Equal(lengths, found.data<long>().ToArray());
        return Differentiate([output.data, .. states, padded], inputs);
    }

    /// <summary>L = Σ R_k ⊙ result_k with fixed R of order 1/√size.</summary>
    public static Tensor Loss(IEnumerable<Tensor> results) => results
        .Select((result, k) => (Support.Draw.Uniform($"R{k}", result.shape).to(result.dtype) / Math.Sqrt(result.numel()) * result).sum())
        .Aggregate((a, b) => a + b);

    private static Tensor Leaf(Tensor x) => x.clone().requires_grad_();

    private static Twin Of(
        nn.Module m, Func<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)> call, Func<PackedSequence, (Tensor, Tensor)?, (PackedSequence, Tensor, Tensor)> packed)
    {
        return new(
            m,
            (x, h, c) => call(x, State(h, c)) is var (y, hn, cn) ? [y, hn, cn] : [],
            (x, h, c) => packed(x, State(h, c)) is var (y, hn, cn) ? (y, [hn, cn]) : default);

        static (Tensor, Tensor)? State(Tensor? h, Tensor? c) => h is null ? null : (h, c!);
    }

    private static Twin Of(nn.Module m, Func<Tensor, Tensor?, (Tensor, Tensor)> call, Func<PackedSequence, Tensor?, (PackedSequence, Tensor)> packed) => new(
        m,
        (x, h, _) => call(x, h) is var (y, hn) ? [y, hn] : [],
        (x, h, _) => packed(x, h) is var (y, hn) ? (y, [hn]) : default);

    private Dictionary<string, Tensor> Differentiate(Tensor[] results, Tensor[] inputs)
    {
        var parameters = Module.named_parameters().Select(p => (Name: p.name, Tensor: (Tensor)p.parameter));
        var all = parameters.Concat(inputs.Select((input, k) => (Name: $"input {k}", Tensor: input))).ToArray();
        var gradients = autograd.grad([Loss(results)], [.. all.Select(p => p.Tensor)]);
        var named = all.Zip(gradients).ToDictionary(p => p.First.Name, p => p.Second);
        foreach (var (k, result) in results.Index())
            named[$"result {k}"] = result.detach();
        return named;
    }
}
