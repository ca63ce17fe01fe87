namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>input weightsᵀ + bias; input (..., in), weights (out, in), bias (out).</summary>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) =>
                Op.Call1("aten::linear", input, weights, bias);

            /// <summary>While training, zeroes each element with probability p and scales the rest by 1 / (1 − p).</summary>
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                Op.Call1(inplace ? "aten::dropout_" : "aten::dropout", input, p, training);

            /// <summary>(x − mean) / √(variance + eps) over the last dimensions, times weight, plus bias.</summary>
            public static Tensor layer_norm(
                Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5) =>
                Op.Call1("aten::layer_norm", input, normalized_shape, weight, bias, eps, true);

            /// <summary>Int64 class indices (...) as (..., num_classes) of zeros and ones; −1 infers the number of classes.</summary>
            public static Tensor one_hot(Tensor x, long num_classes = -1)
            {
                if (x.dtype != ScalarType.Int64) throw new ArgumentException("one_hot needs indices of type Int64.", nameof(x));
                return Op.Call1("aten::one_hot", x, num_classes);
            }

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_().alias() : x.relu();

            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? x.tanh_().alias() : x.tanh();

            public static Tensor sigmoid(Tensor x) => x.sigmoid();

            public static Tensor sigmoid(Tensor x, bool inplace) => inplace ? x.sigmoid_().alias() : x.sigmoid();
        }
    }
}
