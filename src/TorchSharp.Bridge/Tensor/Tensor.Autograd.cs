namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public bool requires_grad
        {
            get
            {
                var value = NativeError.Check(NativeMethods.RequiresGrad(Handle)) != 0;
                GC.KeepAlive(this);
                return value;
            }

            set
            {
                NativeError.Check(NativeMethods.SetRequiresGrad(Handle, value ? 1 : 0));
                GC.KeepAlive(this);
            }
        }

        public bool is_leaf
        {
            get
            {
                var value = NativeError.Check(NativeMethods.IsLeaf(Handle)) != 0;
                GC.KeepAlive(this);
                return value;
            }
        }

        /// <summary>The accumulated gradient, a new handle at each reading; null where there is none.</summary>
        public Tensor? grad
        {
            get
            {
                NativeError.Check(NativeMethods.Grad(Handle, out var gradient));
                GC.KeepAlive(this);
                return gradient == 0 ? null : new Tensor(gradient);
            }

            set
            {
                NativeError.Check(NativeMethods.SetGrad(Handle, value?.Handle ?? 0));
                GC.KeepAlive(this);
                GC.KeepAlive(value);
            }
        }

        public Tensor requires_grad_(bool requires_grad = true) => with_requires_grad(requires_grad);

        public Tensor with_requires_grad(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public void retain_grad()
        {
            NativeError.Check(NativeMethods.RetainGrad(Handle));
            GC.KeepAlive(this);
        }

        public void backward() => autograd.backward([this]);

        public void backward(
            IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);
    }
}
