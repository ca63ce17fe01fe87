namespace TorchSharp;

public static partial class torch
{
    /// <content>Products of vectors and matrices.</content>
    public partial class Tensor
    {
        public Tensor mm(Tensor target) => Op.Call1("aten::mm", this, target);

        public Tensor matmul(Tensor target) => Op.Call1("aten::matmul", this, target);

        public Tensor bmm(Tensor batch2) => Op.Call1("aten::bmm", this, batch2);

        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1f, float alpha = 1f) =>
            Op.Call1("aten::addmm", this, mat1, mat2, beta, alpha);

        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1f, float alpha = 1f) =>
            InPlace("aten::addmm_", this, mat1, mat2, beta, alpha);

        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) =>
            Op.Call1("aten::baddbmm", this, batch1, batch2, beta, alpha);

        public Tensor addbmm(Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) =>
            Op.Call1("aten::addbmm", this, batch1, batch2, beta, alpha);

        public Tensor addbmm_(Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) =>
            InPlace("aten::addbmm_", this, batch1, batch2, beta, alpha);

        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1f, float alpha = 1f) =>
            Op.Call1("aten::addmv", this, mat, vec, beta, alpha);

        public Tensor addmv_(Tensor mat, Tensor vec, float beta = 1f, float alpha = 1f) =>
            InPlace("aten::addmv_", this, mat, vec, beta, alpha);

        public Tensor addr(Tensor vec1, Tensor vec2, float beta = 1f, float alpha = 1f) =>
            Op.Call1("aten::addr", this, vec1, vec2, beta, alpha);

        public Tensor addr_(Tensor vec1, Tensor vec2, float beta = 1f, float alpha = 1f) =>
            InPlace("aten::addr_", this, vec1, vec2, beta, alpha);

        public Tensor mv(Tensor target) => Op.Call1("aten::mv", this, target);

        public Tensor dot(Tensor target) => Op.Call1("aten::dot", this, target);

        public Tensor vdot(Tensor target) => Op.Call1("aten::vdot", this, target);

        public Tensor outer(Tensor vec2) => Op.Call1("aten::outer", this, vec2);

        public Tensor ger(Tensor vec2) => Op.Call1("aten::ger", this, vec2);

        public Tensor inner(Tensor vec2) => Op.Call1("aten::inner", this, vec2);

        public Tensor kron(Tensor other) => Op.Call1("aten::kron", this, other);

        public Tensor tensordot(Tensor b, (long, long)[] dims) =>
            tensordot(b, Array.ConvertAll(dims, static d => d.Item1), Array.ConvertAll(dims, static d => d.Item2));

        public Tensor tensordot(Tensor b, long dims = 2) => tensordot(b, Range(ndim - dims, dims), Range(0, dims));

        public Tensor tensordot(Tensor b, long[] dims1, long[] dims2) => Op.Call1("aten::tensordot", this, b, dims1, dims2);

        public Tensor det() => Op.Call1("aten::det", this);

        public Tensor logdet() => Op.Call1("aten::logdet", this);

        public Tensor inverse() => Op.Call1("aten::inverse", this);

        public Tensor matrix_exp() => Op.Call1("aten::matrix_exp", this);

        public Tensor matrix_power(int n) => Op.Call1("aten::matrix_power", this, n);

        public Tensor cholesky_inverse(bool upper = false) => Op.Call1("aten::cholesky_inverse", this, upper);

        public Tensor cholesky_solve(Tensor input2, bool upper = false) => Op.Call1("aten::cholesky_solve", this, input2, upper);

        private static long[] Range(long start, long count) =>
            Array.ConvertAll([.. Enumerable.Range((int)start, (int)count)], static i => (long)i);
    }
}
