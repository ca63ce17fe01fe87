using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.utils.rnn;

namespace TorchSharp.Bridge.Tests.NN;

/// <summary>Packing and padding, and the recurrent modules over packed sequences against each sequence alone, in float64.</summary>
public sealed class PackedSequenceTests
{
    private const long I = 3, H = 4;
    private static readonly long[] Unsorted = [2, 5, 1, 4], Sorted = [5, 4, 2, 1];

    public static TheoryData<string, int, bool, bool, bool> Cases()
    {
        var cases = new TheoryData<string, int, bool, bool, bool>();
        foreach (var kind in new[] { "LSTM", "GRU", "tanh", "relu" })
            foreach (var layers in new[] { 1, 2 })
                foreach (var bidirectional in new[] { false, true })
                    foreach (var sorted in new[] { false, true })
                        foreach (var withState in new[] { false, true })
                            cases.Add(kind, layers, bidirectional, sorted, withState);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Packed_sequences_equal_each_sequence_alone(string kind, int layers, bool bidirectional, bool sorted, bool withState)
    {
        using var scope = NewDisposeScope();
        using var module = Create(kind, layers, bidirectional);
        var lengths = sorted ? Sorted : Unsorted;
        var (batch, states) = (lengths.Length, layers * (bidirectional ? 2 : 1));
        var (h0, c0) = (Numbers.Wave(2, states, batch, H), Numbers.Wave(3, states, batch, H));
        var sequences = lengths.Select((length, i) => Numbers.Wave(5 + i, length, I)).ToArray();

        var packed = Call(module, pack_sequence(sequences, enforce_sorted: sorted), withState ? (h0, c0) : null);
        var (y, found) = pad_packed_sequence(packed.y);
        Assert.Equal(lengths, found.data<long>().ToArray());

        var alone = sequences.Select((x, i) =>
            Call(module, x.unsqueeze(1), withState ? (h0.narrow(1, i, 1), c0.narrow(1, i, 1)) : null)).ToArray();
        var padded = pad_sequence(alone.Select(one => one.y.squeeze(1)));
        Tensor[] actual = [y, .. packed.states];
        Tensor[] expected = [padded, .. packed.states.Select((_, s) => cat([.. alone.Select(one => one.states[s])], 1))];
        foreach (var (a, b) in actual.Zip(expected)) Assert.InRange(Numbers.Error(a, b), 0, 1e-11);

        var gradients = Gradients(module, actual);
        foreach (var (a, b) in gradients.Zip(Gradients(module, expected))) Assert.InRange(Numbers.Error(a, b), 0, 1e-11);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Padding_is_the_inverse_of_packing(bool batchFirst)
    {
        using var scope = NewDisposeScope();
        var x = batchFirst ? Numbers.Wave(1, 4, 5, I) : Numbers.Wave(1, 5, 4, I);
        var packed = pack_padded_sequence(x, tensor(Unsorted), batchFirst, enforce_sorted: false);
        Assert.Equal([4L, 3, 2, 2, 1], packed.batch_sizes.data<long>().ToArray());
        Assert.Equal([1L, 3, 0, 2], packed.sorted_indices.data<long>().ToArray());
        Assert.Equal([2L, 0, 3, 1], packed.unsorted_indices.data<long>().ToArray());
        Assert.Equal([12L, I], packed.data.shape);

        var (y, lengths) = pad_packed_sequence(packed, batchFirst, padding_value: -7, total_length: 6);
        Assert.Equal(Unsorted, lengths.data<long>().ToArray());
        for (var b = 0; b < 4; b++)
        {
            var (given, back) = batchFirst ? (x[b], y[b]) : (x.select(1, b), y.select(1, b));
            Assert.Equal(Numbers.Values(given.narrow(0, 0, Unsorted[b])), Numbers.Values(back.narrow(0, 0, Unsorted[b])));
            Assert.All(Numbers.Values(back.narrow(0, Unsorted[b], 6 - Unsorted[b])), value => Assert.Equal(-7, value));
        }
    }

    [Fact]
    public void Sorted_sequences_need_no_order()
    {
        using var scope = NewDisposeScope();
        var packed = pack_sequence([arange(3), arange(10, 12)]);
        Assert.Equal([0L, 10, 1, 11, 2], packed.data.data<long>().ToArray());
        Assert.True(packed.sorted_indices.IsInvalid);
        Assert.True(packed.unsorted_indices.IsInvalid);
        Assert.Equal([0L, 1, 2, 10, 11, 9], pad_sequence([arange(3), arange(10, 12)], true, 9).reshape(-1).data<long>().ToArray());
    }

    [Fact]
    public void Gradients_pass_through_packing_and_padding()
    {
        using var scope = NewDisposeScope();
        var x = Numbers.Wave(1, 5, 4, I).requires_grad_();
        var (y, _) = pad_packed_sequence(pack_padded_sequence(x, tensor(Unsorted), enforce_sorted: false));
        y.sum().backward();
        var kept = Unsorted.Select(length => arange(5).lt(length)).ToArray();
        Assert.Equal(Numbers.Values(stack(kept, 1).unsqueeze(2).expand(5, 4, I)), Numbers.Values(x.grad!));
    }

    [Fact]
    public void Wrong_lengths_and_shapes_are_exceptions()
    {
        using var scope = NewDisposeScope();
        var x = ones(5, 2, I);
        Raises("greater than 0", () => pack_padded_sequence(x, tensor(new[] { 3L, 0 })));
        Raises("sorted in decreasing order", () => pack_padded_sequence(x, tensor(new[] { 2L, 3 })));
        Raises("sorted in decreasing order", () => pack_sequence([ones(2, I), ones(3, I)]));
        Raises("batch_size", () => pack_padded_sequence(x, tensor(new[] { 3L, 2, 1 })));
        Raises("empty", () => pack_sequence([]));
        Raises("total_length", () => pad_packed_sequence(pack_padded_sequence(x, tensor(new[] { 5L, 2 })), total_length: 4));

        var packed = pack_padded_sequence(x, tensor(new[] { 5L, 2 }));
        using var lstm = nn.LSTM(I, H);
        using var narrow = nn.GRU(I + 1, H);
        Raises("The packed input must be", () => narrow.call(packed));
        Raises("A state must be (1, 2, 4)", () => lstm.call(packed, (zeros(1, 2, H), zeros(1, 3, H))));
    }

    [Fact]
    public void A_scope_holds_a_packed_sequence_as_one_thing()
    {
        PackedSequence kept, moved, dropped;
        var before = DisposeScopeManager.Statistics.PackedSequenceStatistics.ThreadTotalLiveCount;
        using (var outer = NewDisposeScope())
        {
            using (var inner = NewDisposeScope())
            {
                kept = pack_sequence([arange(3)], false).DetachFromDisposeScope();
                moved = pack_sequence([arange(3)], false).MoveToOuterDisposeScope();
                dropped = pack_sequence([arange(3)], false);
                Assert.True(inner.Contains(dropped));
                Assert.False(inner.Contains(dropped.data));
            }
            Assert.True(dropped.data.IsInvalid && dropped.batch_sizes.IsInvalid && dropped.sorted_indices.IsInvalid);
            Assert.True(outer.Contains(moved));
            Assert.Equal([0L, 1, 2], moved.data.data<long>().ToArray());
        }
        Assert.True(moved.data.IsInvalid);
        using (var scope = NewDisposeScope())
        {
            kept.MoveToOtherDisposeScope(pack_sequence([arange(2)]));
            Assert.True(scope.Contains(kept));
            scope.Detach(kept);
            scope.Attach(kept);
        }
        Assert.True(kept.data.IsInvalid);
        kept.Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.PackedSequenceStatistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void An_output_outlives_the_packed_input()
    {
        using var gru = nn.GRU(I, H);
        PackedSequence output;
        using (var input = pack_sequence([ones(2, I), ones(3, I)], false))
        {
            output = gru.call(input).Item1;
        }
        using (output)
        {
            var (y, lengths) = pad_packed_sequence(output);
            Assert.Equal([3L, 2, H], y.shape);
            Assert.Equal([2L, 3], lengths.data<long>().ToArray());
        }
    }

    private static nn.Module Create(string kind, int layers, bool bidirectional) => kind switch
    {
        "LSTM" => nn.LSTM(I, H, layers, bidirectional: bidirectional, dtype: ScalarType.Float64),
        "GRU" => nn.GRU(I, H, layers, bidirectional: bidirectional, dtype: ScalarType.Float64),
        "tanh" => nn.RNN(I, H, layers, nn.NonLinearities.Tanh, bidirectional: bidirectional, dtype: ScalarType.Float64),
        _ => nn.RNN(I, H, layers, nn.NonLinearities.ReLU, bidirectional: bidirectional, dtype: ScalarType.Float64),
    };

    private static (PackedSequence y, Tensor[] states) Call(nn.Module module, PackedSequence x, (Tensor h, Tensor c)? initial) => module switch
    {
        LSTM lstm => Result(lstm.call(x, initial)),
        GRU gru => Result(gru.call(x, initial?.h)),
        _ => Result(((RNN)module).call(x, initial?.h)),
    };

    private static (Tensor y, Tensor[] states) Call(nn.Module module, Tensor x, (Tensor h, Tensor c)? initial) => module switch
    {
        LSTM lstm => Result(lstm.call(x, initial)),
        GRU gru => Result(gru.call(x, initial?.h)),
        _ => Result(((RNN)module).call(x, initial?.h)),
    };

    private static (TOutput y, Tensor[] states) Result<TOutput>((TOutput y, Tensor h, Tensor c) result) => (result.y, [result.h, result.c]);

    private static (TOutput y, Tensor[] states) Result<TOutput>((TOutput y, Tensor h) result) => (result.y, [result.h]);

    private static Tensor[] Gradients(nn.Module module, Tensor[] outputs)
    {
        var loss = outputs.Select((y, i) => (y * Numbers.Wave(i + 5, y.shape)).sum()).Aggregate((sum, term) => sum + term);
        return [.. autograd.grad([loss], [.. module.parameters()])];
    }

    private static void Raises(string part, Func<object> action) =>
        Assert.Contains(part, Assert.Throws<ExternalException>(action).Message);
}
