namespace TorchSharp;

public static partial class torch
{
    /// <content>Transposes and complex parts, as properties.</content>
    public partial class Tensor
    {
        public Tensor T => Op.Call1("aten::numpy_T", this);

        public Tensor H => Op.Call1("aten::matrix_H", this);

        public Tensor mT => Op.Call1("aten::mT", this);

        public Tensor mH => Op.Call1("aten::mH", this);

        public Tensor real => is_complex() ? Op.Call1("aten::real", this) : alias();

        public Tensor imag => Op.Call1("aten::imag", this);
    }
}
