namespace TorchSharp;

public static partial class torch
{
    /// <content>Order.</content>
    public partial class Tensor
    {
        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            Op.Call2("aten::sort.stable", this, stable, dim, descending);

        public Tensor argsort(long dim = -1, bool descending = false) => Op.Call1("aten::argsort", this, dim, descending);

        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            Op.Call2("aten::topk", this, k, dim, largest, sorted);

        public (Tensor values, Tensor indices) kthvalue(long k, long? dim, bool keepdim = false) =>
            Op.Call2("aten::kthvalue", this, k, dim ?? -1, keepdim);

        public (Tensor output, Tensor inverse_indices, Tensor counts) unique(
            bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null) =>
            dim is { } d
                ? Op.Call3("aten::unique_dim", this, d, sorted, return_inverse, return_counts)
                : Op.Call3("aten::_unique2", this, sorted, return_inverse, return_counts);

        public Tensor msort() => Op.Call1("aten::msort", this);
    }
}
