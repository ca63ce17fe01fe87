using RnnLab.Cells;
using RnnLab.Layers;

namespace RnnLab.Recurrence;

/// <summary>
/// The products q_k = W_k u_k + b_k of one step and their transposes, for a cell's recurrent weight. Its views are made once per call
/// of the layer, in the caller's dispose scope.
/// </summary>
internal abstract class RecurrentProduct
{
    public static RecurrentProduct Of(Cell cell, Tensor weight, Tensor? bias) => cell.RecurrentWeight switch
    {
        RecurrentWeight.Diagonal => new DiagonalProduct(weight, bias),
        _ => new MatrixProduct(cell, weight, bias),
    };

    /// <summary>q_k (B, G_k·H) from u_k (B, H).</summary>
    public abstract Tensor Forward(int k, Tensor u);

    /// <summary>∂L/∂u_k (B, H) from ∂L/∂q_k: the transposed weight; where there is already a gradient of u_k, added to it.</summary>
    public abstract Tensor Backward(int k, Tensor dq, Tensor? du);

    /// <summary>Adds the gradients of W_k and b_k to their parts of the whole weight's and bias's, from the rows of several steps: dQ (N, G_k·H) and U (N, H).</summary>
    public abstract void Accumulate(int k, Tensor dQ, Tensor u, Tensor dWeight, Tensor? dBias);

    private sealed class MatrixProduct : RecurrentProduct
    {
        private readonly (long Start, long Rows)[] _blocks;
        private readonly Tensor[] _w, _wt;
        private readonly Tensor?[] _b;

        public MatrixProduct(Cell cell, Tensor weight, Tensor? bias)
        {
            var starts = cell.Products.Select((_, k) => cell.Products.Take(k).Sum() * cell.HiddenSize);
            _blocks = [.. starts.Zip(cell.Products.Select(g => g * cell.HiddenSize))];
            _w = [.. _blocks.Select(p => weight.narrow(0, p.Start, p.Rows))];
            _wt = [.. _w.Select(w => w.t())];
            _b = [.. _blocks.Select(p => bias?.narrow(0, p.Start, p.Rows))];
        }

        public override Tensor Forward(int k, Tensor u) => _b[k] is { } b ? b.addmm(u, _wt[k]) : u.mm(_wt[k]);

        public override Tensor Backward(int k, Tensor dq, Tensor? du) => du is null ? dq.mm(_w[k]) : du.addmm(dq, _w[k]);

        public override void Accumulate(int k, Tensor dQ, Tensor u, Tensor dWeight, Tensor? dBias)
        {
            var (start, rows) = _blocks[k];
            Gradients.AddProduct(dWeight.narrow(0, start, rows), dQ, u);
            if (dBias is not null)
                Gradients.AddRowSum(dBias.narrow(0, start, rows), dQ);
        }
    }

    private sealed class DiagonalProduct(Tensor weight, Tensor? bias) : RecurrentProduct
    {
        public override Tensor Forward(int k, Tensor u) => bias is null ? u * weight : u * weight + bias;

        public override Tensor Backward(int k, Tensor dq, Tensor? du) => du is null ? dq * weight : du + dq * weight;

        public override void Accumulate(int k, Tensor dQ, Tensor u, Tensor dWeight, Tensor? dBias)
        {
            Gradients.AddRowSum(dWeight, dQ * u);
            if (dBias is not null)
                Gradients.AddRowSum(dBias, dQ);
        }
    }
}
