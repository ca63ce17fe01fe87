namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>Adds the gradients of <paramref name="tensors"/> into the <c>grad</c> of the graph's leaves.</summary>
        public static unsafe void backward(
            IList<Tensor> tensors,
            IList<Tensor>? grad_tensors = null,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null)
        {
            var keep = retain_graph ?? create_graph;
            using var caller = FunctionNode.Caller();
            fixed (nint* outputs = Handles(tensors), grads = Handles(grad_tensors), targets = Handles(inputs))
            {
                NativeError.Check(NativeMethods.Backward(
                    outputs, tensors.Count, grads, grad_tensors?.Count ?? 0,
                    keep ? 1 : 0, create_graph ? 1 : 0, targets, inputs?.Count ?? 0));
            }
            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }

        public static void backward(
            Tensor tensor,
            IList<Tensor>? grad_tensors = null,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(
            Tensor tensor,
            Tensor grad_tensor,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        /// <summary>
        /// The gradients of <paramref name="outputs"/> by <paramref name="inputs"/>; with <paramref name="allow_unused"/>, an
        /// invalid tensor for an input that has no part in them.
        /// </summary>
        public static unsafe IList<Tensor> grad(
            IList<Tensor> outputs,
            IList<Tensor> inputs,
            IList<Tensor>? grad_outputs = null,
            bool retain_graph = false,
            bool create_graph = false,
            bool allow_unused = false)
        {
            var found = new nint[inputs.Count];
            using var caller = FunctionNode.Caller();
            fixed (nint* outs = Handles(outputs), ins = Handles(inputs), grads = Handles(grad_outputs), results = found)
            {
                NativeError.Check(NativeMethods.Gradients(
                    outs, outputs.Count, ins, inputs.Count, grads, grad_outputs?.Count ?? 0,
                    retain_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, results));
            }
            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            return Array.ConvertAll(found, static handle => new Tensor(handle)).ToList();
        }

        public static AnomalyMode detect_anomaly(bool check_nan = true) => new(true, check_nan);

        public static AnomalyMode set_detect_anomaly(bool mode, bool check_nan = true) => new(mode, check_nan);

        private static nint[] Handles(IList<Tensor>? tensors)
        {
            if (tensors is null)
            {
                return [];
            }
            var handles = new nint[tensors.Count];
            for (var i = 0; i < handles.Length; i++)
            {
                handles[i] = tensors[i] is { } tensor ? tensor.Handle : 0;
            }
            return handles;
        }
    }
}
