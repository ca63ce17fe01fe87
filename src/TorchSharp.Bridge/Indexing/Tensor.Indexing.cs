namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor this[params long[] indices]
        {
            get => index(Singles(indices));
            set => index_put_(value, Singles(indices));
        }

        public Tensor this[long i1]
        {
            get => Get([i1]);
            set => Set(value, [i1]);
        }

        public Tensor this[long i1, long i2]
        {
            get => Get([i1, i2]);
            set => Set(value, [i1, i2]);
        }

        public Tensor this[long i1, long i2, long i3]
        {
            get => Get([i1, i2, i3]);
            set => Set(value, [i1, i2, i3]);
        }

        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => Get([i1, i2, i3, i4]);
            set => Set(value, [i1, i2, i3, i4]);
        }

        public Tensor this[long i1, long i2, long i3, long i4, long i5]
        {
            get => Get([i1, i2, i3, i4, i5]);
            set => Set(value, [i1, i2, i3, i4, i5]);
        }

        public Tensor this[long i1, long i2, long i3, long i4, long i5, long i6]
        {
            get => Get([i1, i2, i3, i4, i5, i6]);
            set => Set(value, [i1, i2, i3, i4, i5, i6]);
        }

        public Tensor index(params TensorIndex[] indices) => Get(indices);

        public Tensor index(params Tensor[] indices) => Get(Tensors(indices));

        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => Set(value, indices);

        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false) => Set(value, indices, accumulate);

        public Tensor index_put_(Tensor value, params Tensor[] indices) => Set(value, Tensors(indices));

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) => Set(value, Tensors(indices), accumulate);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices) => Set(value, indices);

        public Tensor index_put_(Scalar value, params Tensor[] indices) => Set(value, Tensors(indices));

        private static TensorIndex[] Singles(long[] indices) => Array.ConvertAll(indices, static i => TensorIndex.Single(i));

        private static TensorIndex[] Tensors(Tensor[] indices) => Array.ConvertAll(indices, TensorIndex.Tensor);

        private Tensor Get(ReadOnlySpan<TensorIndex> indices)
        {
            using var selection = new Selection(this, indices);
            return selection.Read();
        }

        private Tensor Set(Scalar value, ReadOnlySpan<TensorIndex> indices)
        {
            using var number = new Tensor(Op.CallHandle("aten::scalar_tensor", value, dtype, Arg.None, device), register: false);
            return Set(number, indices);
        }

        private Tensor Set(Tensor value, ReadOnlySpan<TensorIndex> indices, bool accumulate = false)
        {
            using var selection = new Selection(this, indices);
            selection.Write(value, accumulate);
            return this;
        }
    }
}
