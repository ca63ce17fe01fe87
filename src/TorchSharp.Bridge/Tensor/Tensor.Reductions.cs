namespace TorchSharp;

public static partial class torch
{
    /// <content>Sums, extremes and other statistics, over all elements or along dimensions.</content>
    public partial class Tensor
    {
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) =>
            Op.Call1("aten::sum.dim_IntList", this, dim.ToArray(), keepdim, type);

        public Tensor sum(ScalarType? type = null) => Op.Call1("aten::sum", this, type);

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) =>
            Op.Call1("aten::sum.dim_IntList", this, dim, keepdim, type);

        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) =>
            Op.Call1("aten::sum.dim_IntList", this, new[] { dim0, dim1 }, keepdim, type);

        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) =>
            Op.Call1("aten::sum.dim_IntList", this, new[] { dim0, dim1, dim2 }, keepdim, type);

        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) =>
            Op.Call1("aten::sum.dim_IntList", this, dim, keepdim, type);

        public Tensor mean() => Op.Call1("aten::mean", this);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
            Op.Call1("aten::mean.dim", this, dimensions, keepdim, type);

        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => Op.Call2("aten::max.dim", this, dim, keepdim);

        public Tensor max() => Op.Call1("aten::max", this);

        public Tensor max(Tensor other) => Op.Call1("aten::max.other", this, other);

        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => Op.Call2("aten::min.dim", this, dim, keepdim);

        public Tensor min() => Op.Call1("aten::min", this);

        public Tensor min(Tensor other) => Op.Call1("aten::min.other", this, other);

        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) =>
            OrInto("aten::amax", @out, dims.ToArray(), keepdim);

        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) => OrInto("aten::amax", @out, dims, keepdim);

        public Tensor amax(params long[] dims) => Op.Call1("aten::amax", this, dims);

        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) =>
            OrInto("aten::amin", @out, dims.ToArray(), keepdim);

        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) => OrInto("aten::amin", @out, dims, keepdim);

        public Tensor amin(params long[] dims) => Op.Call1("aten::amin", this, dims);

        public Tensor argmax() => Op.Call1("aten::argmax", this);

        public Tensor argmax(long dim, bool keepdim = false) => Op.Call1("aten::argmax", this, dim, keepdim);

        public Tensor argmin() => Op.Call1("aten::argmin", this);

        public Tensor argmin(long dim, bool keepdim = false) => Op.Call1("aten::argmin", this, dim, keepdim);

        public (Tensor min, Tensor max) aminmax(long? dim = null, bool keepdim = false) => Op.Call2("aten::aminmax", this, dim, keepdim);

        public Tensor prod(ScalarType? type = null) => Op.Call1("aten::prod", this, type);

        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) =>
            Op.Call1("aten::prod.dim_int", this, dim, keepdim, type);

        public Tensor std((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std([dim.Item1, dim.Item2], unbiased, keepdim, type);

        public Tensor std((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std([dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim, type);

        public Tensor std(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Cast(Op.Call1("aten::std.dim", this, dimensions.ToArray(), unbiased, keepdim), type);

        public Tensor std(bool unbiased = true) => Op.Call1("aten::std", this, unbiased);

        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Cast(Op.Call1("aten::std.dim", this, dim, unbiased, keepdim), type);

        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Cast(Op.Call1("aten::std.dim", this, dimensions, unbiased, keepdim), type);

        public Tensor var((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var([dim.Item1, dim.Item2], unbiased, keepdim, type);

        public Tensor var((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var([dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim, type);

        public Tensor var(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Cast(Op.Call1("aten::var.dim", this, dimensions.ToArray(), unbiased, keepdim), type);

        public Tensor var(bool unbiased = true) => Op.Call1("aten::var", this, unbiased);

        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Cast(Op.Call1("aten::var.dim", this, dim, unbiased, keepdim), type);

        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Cast(Op.Call1("aten::var.dim", this, dimensions, unbiased, keepdim), type);

        public Tensor norm(float p = 2f) => Op.Call1("aten::norm.Scalar", this, p);

        public Tensor norm(int dim, bool keepdim = false, float p = 2f) => Op.Call1("aten::norm.ScalarOpt_dim", this, p, dim, keepdim);

        public Tensor logsumexp(long dim, bool keepdim = false) => Op.Call1("aten::logsumexp", this, dim, keepdim);

        public Tensor all() => Op.Call1("aten::all", this);

        public Tensor all(long dim, bool keepdim = false) => Op.Call1("aten::all.dim", this, dim, keepdim);

        public Tensor any() => Op.Call1("aten::any", this);

        public Tensor any(long dim, bool keepdim = false) => Op.Call1("aten::any.dim", this, dim, keepdim);

        public Tensor cumsum(long dim, ScalarType? type = null) => Op.Call1("aten::cumsum", this, dim, type);

        public Tensor cumprod(long dim, ScalarType? type = null) => Op.Call1("aten::cumprod", this, dim, type);

        public (Tensor values, Tensor indexes) cummax(long dim) => Op.Call2("aten::cummax", this, dim);

        public (Tensor values, Tensor indexes) cummin(long dim) => Op.Call2("aten::cummin", this, dim);

        public Tensor logcumsumexp(long dim) => Op.Call1("aten::logcumsumexp", this, dim);

        public Tensor median() => Op.Call1("aten::median", this);

        public Tensor nanmedian() => Op.Call1("aten::nanmedian", this);

        public Tensor nansum() => Op.Call1("aten::nansum", this);

        public Tensor count_nonzero(long[]? dims = null) => Op.Call1("aten::count_nonzero.dim_IntList", this, dims);

        public Tensor dist(Tensor other, float p = 2f) => Op.Call1("aten::dist", this, other, p);

        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false) => Op.Call1("aten::quantile", this, q, dim, keepdim);

        public Tensor nanquantile(Tensor q, long dim = -1, bool keepdim = false) => Op.Call1("aten::nanquantile", this, q, dim, keepdim);

        public Tensor trace() => Op.Call1("aten::trace", this);

        public Tensor renorm(float p, long dim, float maxnorm) => Op.Call1("aten::renorm", this, p, dim, maxnorm);

        public Tensor diff(long n = 1, long dim = -1, Tensor? prepend = null, Tensor? append = null) =>
            Op.Call1("aten::diff", this, n, dim, prepend, append);

        public Tensor cov(long correction = 1, Tensor? fweights = null, Tensor? aweights = null) =>
            Op.Call1("aten::cov", this, correction, fweights, aweights);

        public Tensor corrcoef() => Op.Call1("aten::corrcoef", this);

        public Tensor bincount(Tensor? weights, long minlength = 0) => Op.Call1("aten::bincount", this, weights, minlength);

        public Tensor histc(long bins = 100, long min = 0, long max = 0) => Op.Call1("aten::histc", this, bins, min, max);

        public Tensor trapezoid(Tensor x, long dim = -1) => Op.Call1("aten::trapezoid.x", this, x, dim);

        public Tensor trapezoid(double dx = 1, long dim = -1) => Op.Call1("aten::trapezoid.dx", this, dx, dim);

        private Tensor OrInto(string op, Tensor? target, long[] dims, bool keepdim)
        {
            if (target is null)
            {
                return Op.Call1(op, this, dims, keepdim);
            }
            Op.Run(op + ".out", this, dims, keepdim, target);
            return target;
        }

        private static Tensor Cast(Tensor result, ScalarType? type) =>
            type is { } t && t != result.dtype ? result.to_type(t, disposeAfter: true) : result;
    }
}
