namespace TorchSharp;

public static partial class torch
{
    /// <summary>Linear algebra over the last two dimensions.</summary>
    public static class linalg
    {
        /// <summary>Which factors <see cref="qr"/> returns.</summary>
        public enum QRMode
        {
            Reduced = 0,
            Complete = 1,
            R = 2,
        }

        public static Tensor det(Tensor input) => Op.Call1("aten::linalg_det", input);

        public static (Tensor, Tensor) slogdet(Tensor input) => Op.Call2("aten::linalg_slogdet", input);

        public static Tensor inv(Tensor input) => Op.Call1("aten::linalg_inv", input);

        public static Tensor pinv(Tensor input, double? atol = null, double? rtol = null, bool hermitian = false) =>
            Op.Call1("aten::linalg_pinv.atol_rtol_float", input, atol, rtol, hermitian);

        public static Tensor pinv(Tensor input, Tensor atol, Tensor? rtol = null, bool hermitian = false) =>
            Op.Call1("aten::linalg_pinv.atol_rtol_tensor", input, atol, rtol, hermitian);

        public static Tensor cholesky(Tensor input) => Op.Call1("aten::linalg_cholesky", input);

        /// <summary>Q with orthonormal columns and R upper triangular, of which the product is the input.</summary>
        public static (Tensor Q, Tensor R) qr(Tensor input, QRMode mode = QRMode.Reduced) =>
            Op.Call2("aten::linalg_qr", input, mode switch { QRMode.Complete => "complete", QRMode.R => "r", _ => "reduced" });

        public static (Tensor U, Tensor S, Tensor Vh) svd(Tensor input, bool fullMatrices = true) =>
            Op.Call3("aten::linalg_svd", input, fullMatrices);

        /// <summary>The singular values, the largest first.</summary>
        public static Tensor svdvals(Tensor input) => Op.Call1("aten::linalg_svdvals", input);

        public static (Tensor, Tensor) eig(Tensor input) => Op.Call2("aten::linalg_eig", input);

        /// <summary>The eigenvalues, complex and in no order.</summary>
        public static Tensor eigvals(Tensor input) => Op.Call1("aten::linalg_eigvals", input);

        public static (Tensor, Tensor) eigh(Tensor input, char UPLO = 'L') => Op.Call2("aten::linalg_eigh", input, UPLO.ToString());

        public static Tensor eigvalsh(Tensor input, char UPLO = 'L') => Op.Call1("aten::linalg_eigvalsh", input, UPLO.ToString());

        public static Tensor solve(Tensor A, Tensor B, bool left = true) => Op.Call1("aten::linalg_solve", A, B, left);

        public static Tensor matrix_exp(Tensor input) => input.matrix_exp();

        public static Tensor matrix_rank(Tensor input, double? atol = null, double? rtol = null, bool hermitian = false) =>
            Op.Call1("aten::linalg_matrix_rank.atol_rtol_float", input, atol, rtol, hermitian);

        public static Tensor matrix_rank(Tensor input, Tensor atol, Tensor? rtol = null, bool hermitian = false) =>
            Op.Call1("aten::linalg_matrix_rank.atol_rtol_tensor", input, atol, rtol, hermitian);

        public static Tensor matrix_norm(Tensor input, string ord = "fro", long[]? dims = null, bool keepdim = false) =>
            Op.Call1("aten::linalg_matrix_norm.str_ord", input, ord, dims ?? [-2, -1], keepdim);

        public static Tensor matrix_norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) =>
            Op.Call1("aten::linalg_matrix_norm", input, ord, dims ?? [-2, -1], keepdim);

        public static Tensor vector_norm(Tensor input, double ord = 2, long[]? dims = null, bool keepdim = false) =>
            Op.Call1("aten::linalg_vector_norm", input, ord, dims, keepdim);

        public static Tensor norm(Tensor input, string ord, long[]? dims = null, bool keepdim = false) =>
            Op.Call1("aten::linalg_norm.ord_str", input, ord, dims, keepdim);

        public static Tensor norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) =>
            Op.Call1("aten::linalg_norm", input, ord, dims, keepdim);

        public static Tensor norm(Tensor input, int ord, long[]? dims = null, bool keepdim = false) =>
            Op.Call1("aten::linalg_norm", input, ord, dims, keepdim);

        public static Tensor norm(Tensor input, long[]? dims = null, bool keepdim = false) =>
            Op.Call1("aten::linalg_norm", input, Arg.None, dims, keepdim);

        public static Tensor cond(Tensor input) => Op.Call1("aten::linalg_cond", input);

        public static Tensor cond(Tensor input, int p) => Op.Call1("aten::linalg_cond", input, p);

        public static Tensor cond(Tensor input, double p) => Op.Call1("aten::linalg_cond", input, p);

        public static Tensor cond(Tensor input, string p) => Op.Call1("aten::linalg_cond.p_str", input, p);
    }
}
