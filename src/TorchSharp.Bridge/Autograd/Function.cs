#nullable disable // Overrides and calls compile here as they do against TorchSharp, whose custom functions are not annotated.
namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>
        /// An operation with a hand-written backward pass. Derive from <see cref="SingleTensorFunction{T}"/> or
        /// <see cref="MultiTensorFunction{T}"/> and call <c>apply</c>; one instance of <typeparamref name="T"/> serves all calls, so
        /// that what belongs to one call goes through its <see cref="AutogradContext"/>.
        /// <para>Tensors among the arguments are inputs of the graph; all other arguments, null included, are passed on. forward
        /// runs without recording. backward returns one gradient an argument, null where there is none, of the input's shape; its own
        /// operations are recorded where the caller asks for create_graph, which gives second derivatives. It runs on the thread that
        /// called backward, or for tensors on a device and for deeply nested calls on a thread of libtorch. An exception in
        /// either reaches the caller as it was thrown.</para>
        /// </summary>
        public abstract class Function<T>
            where T : Function<T>, new()
        {
            private static readonly T Instance = new();

            /// <summary>What error messages call the function.</summary>
            public abstract string Name { get; }

            public static List<Tensor> apply_internal(params object[] vars)
            {
                var isTensor = Array.ConvertAll(vars, static argument => argument is Tensor { IsInvalid: false });
                var inputs = vars.Where((_, i) => isTensor[i]).Cast<Tensor>().ToList();
                var context = new AutogradContext();
                List<Tensor> outputs;
                using (no_grad())
                {
                    outputs = Instance.forward_internal(context, vars);
                }
                if (outputs is null || outputs.Any(static output => output is not { IsInvalid: false }))
                {
                    throw new InvalidOperationException($"The forward pass of function {Instance.Name} did not return a tensor for each output.");
                }
                return new FunctionNode(Instance.Name, isTensor, context, Instance.backward_internal).Record(inputs, outputs);
            }

            internal abstract List<Tensor> forward_internal(AutogradContext ctx, object[] vars);

            internal abstract List<Tensor> backward_internal(AutogradContext ctx, List<Tensor> grad_outputs);
        }

        /// <summary>A function of one output; see <see cref="Function{T}"/>.</summary>
        public abstract class SingleTensorFunction<T> : Function<T>
            where T : SingleTensorFunction<T>, new()
        {
            public static Tensor apply(params object[] vars) => apply_internal(vars)[0];

            public abstract Tensor forward(AutogradContext ctx, params object[] vars);

            public abstract List<Tensor> backward(AutogradContext ctx, Tensor grad_output);

            internal sealed override List<Tensor> forward_internal(AutogradContext ctx, object[] vars) => [forward(ctx, vars)];

            internal sealed override List<Tensor> backward_internal(AutogradContext ctx, List<Tensor> grad_outputs) =>
                backward(ctx, grad_outputs[0]);
        }

        /// <summary>A function of any number of outputs; see <see cref="Function{T}"/>.</summary>
        public abstract class MultiTensorFunction<T> : Function<T>
            where T : MultiTensorFunction<T>, new()
        {
            public static List<Tensor> apply(params object[] vars) => apply_internal(vars);

            public abstract List<Tensor> forward(AutogradContext ctx, params object[] vars);

            public abstract List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs);

            internal sealed override List<Tensor> forward_internal(AutogradContext ctx, object[] vars) => forward(ctx, vars);

            internal sealed override List<Tensor> backward_internal(AutogradContext ctx, List<Tensor> grad_outputs) =>
                backward(ctx, grad_outputs);
        }
    }
}
