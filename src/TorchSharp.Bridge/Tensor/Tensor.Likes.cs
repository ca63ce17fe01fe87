namespace TorchSharp;

public static partial class torch
{
    /// <content>New tensors of this one's size, dtype and device.</content>
    public partial class Tensor
    {
        public Tensor zeros_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Grad(Op.Call1("aten::zeros_like", this, dtype, Arg.None, device), requires_grad);

        public Tensor ones_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Grad(Op.Call1("aten::ones_like", this, dtype, Arg.None, device), requires_grad);

        public Tensor empty_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Grad(Op.Call1("aten::empty_like", this, dtype, Arg.None, device), requires_grad);

        public Tensor rand_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Grad(Op.Call1("aten::rand_like", this, dtype, Arg.None, device), requires_grad);

        public Tensor randn_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Grad(Op.Call1("aten::randn_like", this, dtype, Arg.None, device), requires_grad);

        public Tensor full_like(Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Grad(Op.Call1("aten::full_like", this, value, dtype, Arg.None, device), requires_grad);

        public Tensor randint_like(long low, long high, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Grad(Op.Call1("aten::randint_like.low_dtype", this, low, high, dtype, Arg.None, device), requires_grad);
    }
}
