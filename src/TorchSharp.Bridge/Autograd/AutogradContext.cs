#nullable disable // Overrides and calls compile here as they do against TorchSharp, whose custom functions are not annotated.
namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>
        /// What a custom function's forward pass hands to its backward pass. It lives as long as the node of the graph: what
        /// <see cref="save_data"/> holds is freed with it, saved tensors after the backward pass unless the graph is retained.
        /// </summary>
        public class AutogradContext : IDisposable
        {
            private readonly Dictionary<string, object> data = [];
            private List<Tensor> saved = [];
            private List<Tensor> dirty = [];
            private List<Tensor> constant = [];
            private nint native;

            internal AutogradContext()
            {
            }

            /// <summary>Whether backward gets zeros for an output that the loss does not depend on; else an invalid tensor.</summary>
            public bool MaterializeGrads { get; private set; } = true;

            /// <summary>Keeps inputs or outputs for the backward pass; an absent one may be null. To be called once, in forward.</summary>
            public void save_for_backward(List<Tensor> tensors) => saved = tensors;

            /// <summary>
            /// The saved tensors, null where one was null, each a new handle. Only in backward. Throws where one was changed in place
            /// since, or where a backward pass has already freed them.
            /// </summary>
            public unsafe List<Tensor> get_saved_variables()
            {
                if (native == 0)
                {
                    throw new InvalidOperationException("Saved tensors can be read only while backward runs.");
                }
                var count = NativeError.Check(NativeMethods.Saved(native, out var handles));
                var tensors = new List<Tensor>(count);
                for (var i = 0; i < count; i++)
                {
                    tensors.Add(handles[i] == 0 ? null : new Tensor(handles[i]));
                }
                NativeMethods.Free((nint)handles);
                return tensors;
            }

            /// <summary>Keeps a value that is not a tensor. (A tensor of the graph kept so would keep the graph alive for ever.)</summary>
            public void save_data(string key, object value) => data[key] = value;

            /// <summary>What <see cref="save_data"/> kept under the key, or null.</summary>
            public object get_data(string key) => data.GetValueOrDefault(key);

            /// <summary>Declares inputs that forward changed in place; forward must return them too.</summary>
            public void mark_dirty(List<Tensor> tensors) => dirty = [.. tensors];

            /// <summary>Declares outputs that have no gradient.</summary>
            public void mark_non_differentiable(List<Tensor> tensors) => constant = [.. tensors];

            public void set_materialize_grads(bool value) => MaterializeGrads = value;

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (disposing)
                {
                    data.Clear();
                    TakeMarks();
                }
            }

            /// <summary>What forward declared, which is the graph's from now on.</summary>
            internal (List<Tensor> Saved, List<Tensor> Dirty, List<Tensor> NonDifferentiable) TakeMarks()
            {
                var marks = (saved, dirty, constant);
                (saved, dirty, constant) = ([], [], []);
                return marks;
            }

            /// <summary>Gives access to the saved tensors until the result is disposed.</summary>
            internal Access Enter(nint context)
            {
                native = context;
                return new Access(this);
            }

            internal readonly ref struct Access(AutogradContext context)
            {
                public void Dispose() => context.native = 0;
            }
        }
    }
}
