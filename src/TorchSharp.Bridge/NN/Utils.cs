using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>
            /// Scales all gradients by max_norm / (norm + 1e-6) where their norm, taken over all of them as one vector, is larger.
            /// Returns the norm before; parameters without a gradient are passed over.
            /// </summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                using var scope = NewDisposeScope();
                using var _ = no_grad();
                var grads = Gradients(tensors);
                if (grads.Length == 0) return 0.0;

                var norms = stack(grads.Select(grad => Norm(grad, norm_type).to(grads[0].device)));
                var total = Norm(norms, norm_type);
                var scale = (max_norm / (total + 1e-6)).clamp_(max: 1.0);
                foreach (var grad in grads) grad.mul_(scale.to(grad.device));
                return total.to(ScalarType.Float64).item<double>();
            }

            /// <summary>Clamps every element of every gradient into [−clip_value, clip_value].</summary>
            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var scope = NewDisposeScope();
                using var _ = no_grad();
                foreach (var grad in Gradients(tensors)) grad.clamp_(-clip_value, clip_value);
            }

            /// <summary>All elements of all parameters, one after the other.</summary>
            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors)
            {
                using var scope = NewDisposeScope();
                return cat([.. tensors.Select(tensor => tensor.reshape(-1))]).MoveToOuterDisposeScope();
            }

            /// <summary>The inverse of <see cref="parameters_to_vector"/>: copies the vector's elements into the parameters.</summary>
            public static void vector_to_parameters(Tensor vec, IEnumerable<Parameter> tensors)
            {
                using var scope = NewDisposeScope();
                using var _ = no_grad();
                var start = 0L;
                foreach (var tensor in tensors)
                {
                    var count = tensor.NumberOfElements;
                    tensor.copy_(vec.narrow(0, start, count).view(tensor.shape));
                    start += count;
                }
            }

            private static Tensor[] Gradients(IEnumerable<Parameter> tensors) =>
                [.. tensors.Select(tensor => tensor.grad).OfType<Tensor>()];

            private static Tensor Norm(Tensor tensor, double order) => Op.Call1("aten::norm.Scalar", tensor, order);
        }
    }
}
