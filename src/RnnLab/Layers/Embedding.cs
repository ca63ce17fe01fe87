using System.Numerics;
using RnnLab.Kernels.Elementwise;
using RnnLab.Randomness;

namespace RnnLab.Layers;

/// <summary>x = E[id], a row of E (V, width) for each token. Adjoint: dE[id] += dx, summed over all places where a token stands.</summary>
public sealed class Embedding : TokenInput
{
    /// <summary>A new table, N(0, 1) as in PyTorch, or U(−range, range).</summary>
    public Embedding(long vocabularySize, long width, ulong seed, double? range = null, ScalarType dtype = ScalarType.Float32, Device? device = null)
        : base("embedding")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vocabularySize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        using var scope = NewDisposeScope();
        var stream = new RandomStream(seed, "init/embedding.weight");
        long[] shape = [vocabularySize, width];
        var values = range is { } r ? stream.Uniform(shape, -r, r) : stream.Normal(shape);
        Weight = new Parameter(values.to(dtype).to(device ?? CPU).DetachFromDisposeScope());
        register_parameter("weight", Weight);
    }

    /// <summary>E, (V, width).</summary>
    public Parameter Weight { get; }

    /// <inheritdoc/>
    public override long Width => Weight.shape[1];

    /// <inheritdoc/>
    public override Tensor Forward(Tensor ids)
    {
        Check.Tokens(ids, nameof(ids));
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        return Weight.index_select(0, ids.reshape(-1)).view([.. ids.shape, Width]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override bool HasParameters => true;

    /// <inheritdoc/>
    public override void Backward(Tensor ids, Tensor dx)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(dx);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var (gradient, tokens, rows) = (Gradients.Of(Weight), ids.reshape(-1), dx.reshape(-1, Width));
        if (!Fast.Applies(gradient) || rows.dtype != gradient.dtype || !Fast.AppliesByToken(rows, tokens))
            gradient.index_add_(0, tokens, rows, 1);
        else if (gradient.dtype == ScalarType.Float32)
            Add<float>(gradient, tokens, rows);
        else
            Add<double>(gradient, tokens, rows);
    }

    private void Add<T>(Tensor gradient, Tensor tokens, Tensor rows) where T : unmanaged, INumber<T>
    {
        TokenRows.Add<T>(Fast.Elements<T>(gradient), Fast.Elements<long>(tokens), Fast.Elements<T>(rows), (int)Width);
        GC.KeepAlive(tokens);
        GC.KeepAlive(rows);
    }
}
