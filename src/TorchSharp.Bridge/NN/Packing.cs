using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Batches of sequences of several lengths.</summary>
            public static partial class rnn
            {
                /// <summary>
                /// Leaves out the padding of a batch (T, B, *), or (B, T, *) with <paramref name="batch_first"/>, of which sequence b
                /// has lengths[b] steps, 1 to T. Without <paramref name="enforce_sorted"/> the lengths may come in any order.
                /// <paramref name="lengths"/> must be on the CPU.
                /// </summary>
                public static PackedSequence pack_padded_sequence(
                    Tensor input, Tensor lengths, bool batch_first = false, bool enforce_sorted = true)
                {
                    using var scope = NewDisposeScope();
                    var sorted = new Tensor(0);
                    var unsorted = new Tensor(0);
                    var order = lengths.to(ScalarType.Int64);
                    if (!enforce_sorted)
                    {
                        (order, sorted) = Op.Call2("aten::sort", order, -1, true);
                        sorted = sorted.to(input.device);
                        unsorted = sorted.argsort();
                        input = input.index_select(batch_first ? 0 : 1, sorted);
                    }
                    var (data, batchSizes) = Op.Call2("aten::_pack_padded_sequence", input, order, batch_first);
                    return new PackedSequence(data, batchSizes, sorted, unsorted).MoveToOuterDisposeScope();
                }

                /// <summary>
                /// The padded batch (T, B, *), or (B, T, *), in the order in which it was packed, and the lengths (B). T is that of
                /// the longest sequence, or <paramref name="total_length"/>.
                /// </summary>
                public static (Tensor, Tensor) pad_packed_sequence(
                    PackedSequence sequence, bool batch_first = false, double padding_value = 0.0, long? total_length = null)
                {
                    using var scope = NewDisposeScope();
                    var longest = sequence.batch_sizes.shape[0];
                    if (total_length < longest)
                    {
                        throw new ExternalException(
                            "Expected total_length to be at least the length of the longest sequence in input, but got " +
                            $"total_length={total_length} and max sequence length being {longest}");
                    }
                    var (padded, lengths) = Op.Call2(
                        "aten::_pad_packed_sequence", sequence.data, sequence.batch_sizes, batch_first, padding_value,
                        total_length ?? longest);
                    if (!sequence.unsorted_indices.IsInvalid)
                    {
                        padded = padded.index_select(batch_first ? 0 : 1, sequence.unsorted_indices);
                        lengths = lengths.index_select(0, sequence.unsorted_indices.cpu());
                    }
                    return (padded.MoveToOuterDisposeScope(), lengths.MoveToOuterDisposeScope());
                }

                /// <summary>One batch (T, B, *), or (B, T, *), of sequences (L, *), the shorter ones padded at their end.</summary>
                public static Tensor pad_sequence(IEnumerable<Tensor> sequences, bool batch_first = false, double padding_value = 0.0) =>
                    Op.Call1("aten::pad_sequence", sequences.ToArray(), batch_first, padding_value);

                /// <summary>Packs sequences (L, *), the longest first unless <paramref name="enforce_sorted"/> is false.</summary>
                public static PackedSequence pack_sequence(IEnumerable<Tensor> sequences, bool enforce_sorted = true)
                {
                    using var scope = NewDisposeScope();
                    var all = sequences.ToArray();
                    var lengths = tensor(Array.ConvertAll(all, static sequence => sequence.size(0)));
                    return pack_padded_sequence(pad_sequence(all), lengths, false, enforce_sorted).MoveToOuterDisposeScope();
                }
            }
        }
    }
}
