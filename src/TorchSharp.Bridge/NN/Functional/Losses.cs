using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>
            /// −log softmax(input)[target], input (N, C, ...), target class indices (N, ...) or probabilities of the input's shape.
            /// The mean is over the targets that are not <paramref name="ignore_index"/>, weighted by class where weights are given.
            /// </summary>
            public static Tensor cross_entropy(
                Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean,
                double label_smoothing = 0.0) =>
                Op.Call1("aten::cross_entropy_loss", input, target, weight, (long)reduction, ignore_index, label_smoothing);

            /// <summary>−input[target], input log-probabilities (N, C, ...), target class indices (N, ...).</summary>
            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                Op.Call1("aten::nll_loss_nd", input, target, weight, (long)reduction, -100L);

            /// <summary>(input − target)².</summary>
            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Op.Call1("aten::mse_loss", input, target, (long)reduction);

            /// <summary>|input − target|.</summary>
            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Op.Call1("aten::l1_loss", input, target, (long)reduction);

            /// <summary>d² / (2 beta) where d = |input − target| is under beta, d − beta / 2 elsewhere.</summary>
            public static Tensor smooth_l1_loss(
                Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1.0) =>
                Op.Call1("aten::smooth_l1_loss", input, target, (long)reduction, beta);

            /// <summary>−(target log input + (1 − target) log(1 − input)), input a probability, logarithms at least −100.</summary>
            public static Tensor binary_cross_entropy(
                Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
            {
                SameShape(input, target);
                return Op.Call1("aten::binary_cross_entropy", input, target, weight, (long)reduction);
            }

            /// <summary>The binary cross-entropy of sigmoid(input), stable for large inputs; pos_weights scale the positive term.</summary>
            public static Tensor binary_cross_entropy_with_logits(
                Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null)
            {
                SameShape(input, target);
                return Op.Call1("aten::binary_cross_entropy_with_logits", input, target, weight, pos_weights, (long)reduction);
            }

            // The operators would broadcast; PyTorch's functions refuse.
            private static void SameShape(Tensor input, Tensor target)
            {
                if (!input.shape.AsSpan().SequenceEqual(target.shape))
                    throw new ExternalException(
                        $"The target's shape ({string.Join(", ", target.shape)}) must be the input's ({string.Join(", ", input.shape)}).");
            }
        }
    }
}
