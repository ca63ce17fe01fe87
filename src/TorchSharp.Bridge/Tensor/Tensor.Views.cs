namespace TorchSharp;

public static partial class torch
{
    /// <content>Other shapes of the same elements.</content>
    public partial class Tensor
    {
        public Tensor view(params long[] shape) => Op.Call1("aten::view", this, shape);

        public Tensor view_as(Tensor other) => Op.Call1("aten::view_as", this, other);

        public Tensor reshape(params long[] shape) => Op.Call1("aten::reshape", this, shape);

        public Tensor narrow(long dim, long start, long length) => Op.Call1("aten::narrow", this, dim, start, length);

        public Tensor select(long dim, long index) => Op.Call1("aten::select.int", this, dim, index);

        public Tensor slice(long dim, long start, long finish, long step) => Op.Call1("aten::slice.Tensor", this, dim, start, finish, step);

        public Tensor transpose(long dim0, long dim1) => Op.Call1("aten::transpose.int", this, dim0, dim1);

        public Tensor transpose_(long dim0, long dim1) => InPlace("aten::transpose_", this, dim0, dim1);

        public Tensor swapaxes(long dim0, long dim1) => Op.Call1("aten::swapaxes", this, dim0, dim1);

        public Tensor swapdims(long dim0, long dim1) => Op.Call1("aten::swapdims", this, dim0, dim1);

        public Tensor t() => Op.Call1("aten::t", this);

        public Tensor permute(IEnumerable<long> permutation) => Op.Call1("aten::permute", this, permutation.ToArray());

        public Tensor permute(params long[] permutation) => Op.Call1("aten::permute", this, permutation);

        public Tensor unsqueeze(long dim) => Op.Call1("aten::unsqueeze", this, dim);

        public Tensor unsqueeze_(long dim) => InPlace("aten::unsqueeze_", this, dim);

        public Tensor squeeze(long? dim = null) => dim is { } d ? Op.Call1("aten::squeeze.dim", this, d) : Op.Call1("aten::squeeze", this);

        public Tensor squeeze_(long? dim = null) => dim is { } d ? InPlace("aten::squeeze_.dim", this, d) : InPlace("aten::squeeze_", this);

        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) =>
            Op.Call1("aten::expand", this, sizes.ToArray(), isImplicit);

        public Tensor expand(Size sizes, bool isImplicit = false) => Op.Call1("aten::expand", this, sizes.Shape, isImplicit);

        public Tensor expand(long[] sizes, bool isImplicit = false) => Op.Call1("aten::expand", this, sizes, isImplicit);

        public Tensor expand(params long[] sizes) => Op.Call1("aten::expand", this, sizes);

        public Tensor expand_as(Tensor other) => Op.Call1("aten::expand_as", this, other);

        public Tensor broadcast_to(params long[] shape) => Op.Call1("aten::broadcast_to", this, shape);

        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Op.Call1("aten::flatten.using_ints", this, start_dim, end_dim);

        public Tensor ravel() => Op.Call1("aten::ravel", this);

        public Tensor unflatten(long dim, Size sizes) => unflatten(dim, sizes.Shape);

        public Tensor unflatten(long dim, params long[] sizes) => reshape(Unflattened(dim, sizes));

        public Tensor contiguous() => Op.Call1("aten::contiguous", this);

        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0) =>
            Op.Call1("aten::as_strided", this, size, strides, storageOffset);

        public Tensor movedim(long[] source, long[] destination) => Op.Call1("aten::movedim.intlist", this, source, destination);

        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1) => Op.Call1("aten::diagonal", this, offset, dim1, dim2);

        public Tensor diag(long diagonal = 0) => Op.Call1("aten::diag", this, diagonal);

        public Tensor diagflat(long offset = 0) => Op.Call1("aten::diagflat", this, offset);

        public Tensor diag_embed(long offset = 0, long dim1 = -2, long dim2 = -1) => Op.Call1("aten::diag_embed", this, offset, dim1, dim2);

        public Tensor unfold(long dimension, long size, long step) => Op.Call1("aten::unfold", this, dimension, size, step);

        public Tensor alias() => Op.Call1("aten::alias", this);

        public Tensor detach() => Op.Call1("aten::detach", this);

        public Tensor detach_() => InPlace("aten::detach_", this);

        public Tensor clone() => Op.Call1("aten::clone", this);

        public Tensor tril(long diagonal = 0) => Op.Call1("aten::tril", this, diagonal);

        public Tensor tril_(long diagonal = 0) => InPlace("aten::tril_", this, diagonal);

        public Tensor triu(long diagonal = 0) => Op.Call1("aten::triu", this, diagonal);

        public Tensor triu_(long diagonal = 0) => InPlace("aten::triu_", this, diagonal);

        public Tensor repeat(params long[] sizes) => Op.Call1("aten::repeat", this, sizes);

        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null) =>
            Op.Call1("aten::repeat_interleave.self_Tensor", this, repeats, dim, output_size);

        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) =>
            Op.Call1("aten::repeat_interleave.self_int", this, repeats, dim, output_size);

        public Tensor tile(long[] reps) => Op.Call1("aten::tile", this, reps);

        public Tensor flip(params long[] dims) => Op.Call1("aten::flip", this, dims);

        public Tensor fliplr() => Op.Call1("aten::fliplr", this);

        public Tensor flipud() => Op.Call1("aten::flipud", this);

        public Tensor roll((long, long) shifts, (long, long) dims) =>
            roll(new[] { shifts.Item1, shifts.Item2 }, new[] { dims.Item1, dims.Item2 });

        public Tensor roll((long, long, long) shifts, (long, long, long) dims) =>
            roll(new[] { shifts.Item1, shifts.Item2, shifts.Item3 }, new[] { dims.Item1, dims.Item2, dims.Item3 });

        public Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) =>
            Op.Call1("aten::roll", this, shifts.ToArray(), dims.ToArray());

        public Tensor roll(long shifts, long? dims = null) =>
            Op.Call1("aten::roll", this, shifts, dims is { } d ? new[] { d } : Array.Empty<long>());

        public Tensor roll(long[] shifts) => Op.Call1("aten::roll", this, shifts);

        public Tensor roll(long[] shifts, long[] dims) => Op.Call1("aten::roll", this, shifts, dims);

        public Tensor atleast_1d() => Op.Call1("aten::atleast_1d", this);

        public Tensor atleast_2d() => Op.Call1("aten::atleast_2d", this);

        public Tensor atleast_3d() => Op.Call1("aten::atleast_3d", this);

        private long[] Unflattened(long dim, long[] sizes)
        {
            var own = shape;
            var at = Wrap((int)dim);
            return [.. own[..at], .. sizes, .. own[(at + 1)..]];
        }
    }
}
