namespace TorchSharp;

public static partial class torch
{
    /// <content>Activation functions.</content>
    public partial class Tensor
    {
        public Tensor sigmoid() => Op.Call1("aten::sigmoid", this);

        public Tensor sigmoid_() => InPlace("aten::sigmoid_", this);

        public Tensor tanh() => Op.Call1("aten::tanh", this);

        public Tensor tanh_() => InPlace("aten::tanh_", this);

        public Tensor relu() => Op.Call1("aten::relu", this);

        public Tensor relu_() => InPlace("aten::relu_", this);

        public Tensor relu6() => Op.Call1("aten::relu6", this);

        public Tensor elu(Scalar alpha, Scalar scale, Scalar input_scale) => Op.Call1("aten::elu", this, alpha, scale, input_scale);

        public Tensor elu(double alpha = 1) => Op.Call1("aten::elu", this, alpha);

        public Tensor elu_(Scalar alpha, Scalar scale, Scalar input_scale) => InPlace("aten::elu_", this, alpha, scale, input_scale);

        public Tensor elu_(double alpha = 1) => InPlace("aten::elu_", this, alpha);

        public Tensor silu() => Op.Call1("aten::silu", this);

        public Tensor silu_() => InPlace("aten::silu_", this);

        public Tensor softplus(double beta = 1, double threshold = 20) => Op.Call1("aten::softplus", this, beta, threshold);

        public Tensor leaky_relu(Scalar negative_slope) => Op.Call1("aten::leaky_relu", this, negative_slope);

        public Tensor leaky_relu_(Scalar negative_slope) => InPlace("aten::leaky_relu_", this, negative_slope);

        public Tensor hardsigmoid() => Op.Call1("aten::hardsigmoid", this);

        public Tensor hardsigmoid_() => InPlace("aten::hardsigmoid_", this);

        public Tensor hardtanh(Scalar min, Scalar max) => Op.Call1("aten::hardtanh", this, min, max);

        public Tensor hardtanh_(Scalar min, Scalar max) => InPlace("aten::hardtanh_", this, min, max);

        public Tensor hardswish() => Op.Call1("aten::hardswish", this);

        public Tensor hardswish_() => InPlace("aten::hardswish_", this);

        public Tensor log_sigmoid() => Op.Call1("aten::log_sigmoid", this);

        public Tensor softmax(long dim, ScalarType? dtype = null) => Op.Call1("aten::softmax.int", this, dim, dtype);

        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Op.Call1("aten::log_softmax.int", this, dim, dtype);

        public Tensor threshold(Scalar threshold, Scalar value) => Op.Call1("aten::threshold", this, threshold, value);

        public Tensor threshold_(Scalar threshold, Scalar value) => InPlace("aten::threshold_", this, threshold, value);

        public Tensor selu() => Op.Call1("aten::selu", this);

        public Tensor selu_() => InPlace("aten::selu_", this);

        public Tensor celu() => Op.Call1("aten::celu", this);

        public Tensor celu(Scalar alpha) => Op.Call1("aten::celu", this, alpha);

        public Tensor celu_() => InPlace("aten::celu_", this);

        public Tensor celu_(Scalar alpha) => InPlace("aten::celu_", this, alpha);
    }
}
