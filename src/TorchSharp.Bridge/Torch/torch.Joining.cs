namespace TorchSharp;

/// <content>Tensors joined into one.</content>
public static partial class torch
{
    public static IList<Tensor> broadcast_tensors(params Tensor[] tensors) => Op.Call("aten::broadcast_tensors", tensors);

    public static Tensor block_diag(params Tensor[] tensors) => Op.Call1("aten::block_diag", tensors);

    public static Tensor cartesian_prod(IList<Tensor> tensors) => Op.Call1("aten::cartesian_prod", tensors.ToArray());

    public static Tensor cartesian_prod(ReadOnlySpan<Tensor> tensors) => Op.Call1("aten::cartesian_prod", tensors.ToArray());

    public static Tensor cartesian_prod(params Tensor[] tensors) => Op.Call1("aten::cartesian_prod", tensors);

    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Op.Call1("aten::cat", tensors.ToArray(), dim);

    public static Tensor cat(ReadOnlySpan<Tensor> tensors, long dim = 0) => Op.Call1("aten::cat", tensors.ToArray(), dim);

    public static Tensor cat(Tensor[] tensors, long dim = 0) => Op.Call1("aten::cat", tensors, dim);

    public static Tensor column_stack(IList<Tensor> tensors) => Op.Call1("aten::column_stack", tensors.ToArray());

    public static Tensor column_stack(ReadOnlySpan<Tensor> tensors) => Op.Call1("aten::column_stack", tensors.ToArray());

    public static Tensor column_stack(params Tensor[] tensors) => Op.Call1("aten::column_stack", tensors);

    public static Tensor concat(IList<Tensor> tensors, long dim = 0) => Op.Call1("aten::cat", tensors.ToArray(), dim);

    public static Tensor concat(ReadOnlySpan<Tensor> tensors, long dim = 0) => Op.Call1("aten::cat", tensors.ToArray(), dim);

    public static Tensor concat(Tensor[] tensors, long dim = 0) => Op.Call1("aten::cat", tensors, dim);

    public static Tensor concatenate(IList<Tensor> tensors, long axis = 0) => Op.Call1("aten::cat", tensors.ToArray(), axis);

    public static Tensor concatenate(ReadOnlySpan<Tensor> tensors, long axis = 0) => Op.Call1("aten::cat", tensors.ToArray(), axis);

    public static Tensor concatenate(Tensor[] tensors, long axis = 0) => Op.Call1("aten::cat", tensors, axis);

    public static Tensor dstack(IEnumerable<Tensor> tensors) => Op.Call1("aten::dstack", tensors.ToArray());

    public static Tensor dstack(IList<Tensor> tensors) => Op.Call1("aten::dstack", tensors.ToArray());

    public static Tensor dstack(ReadOnlySpan<Tensor> tensors) => Op.Call1("aten::dstack", tensors.ToArray());

    public static Tensor dstack(params Tensor[] tensors) => Op.Call1("aten::dstack", tensors);

    public static Tensor hstack(IEnumerable<Tensor> tensors) => Op.Call1("aten::hstack", tensors.ToArray());

    public static Tensor hstack(IList<Tensor> tensors) => Op.Call1("aten::hstack", tensors.ToArray());

    public static Tensor hstack(ReadOnlySpan<Tensor> tensors) => Op.Call1("aten::hstack", tensors.ToArray());

    public static Tensor hstack(params Tensor[] tensors) => Op.Call1("aten::hstack", tensors);

    public static Tensor row_stack(IList<Tensor> tensors) => Op.Call1("aten::row_stack", tensors.ToArray());

    public static Tensor row_stack(ReadOnlySpan<Tensor> tensors) => Op.Call1("aten::row_stack", tensors.ToArray());

    public static Tensor row_stack(params Tensor[] tensors) => Op.Call1("aten::row_stack", tensors);

    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => Op.Call1("aten::stack", tensors.ToArray(), dim);

    public static Tensor vstack(IList<Tensor> tensors) => Op.Call1("aten::vstack", tensors.ToArray());

    public static Tensor vstack(ReadOnlySpan<Tensor> tensors) => Op.Call1("aten::vstack", tensors.ToArray());

    public static Tensor vstack(Tensor[] tensors) => Op.Call1("aten::vstack", tensors);
}
