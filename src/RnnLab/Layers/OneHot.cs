namespace RnnLab.Layers;

/// <summary>x = the unit vector of each token, (T, B, V): W_ih x is then a column of W_ih. It has no parameters.</summary>
public sealed class OneHot : TokenInput
{
    private readonly long _size;
    private readonly ScalarType _dtype;

    /// <summary>Unit vectors for <paramref name="vocabularySize"/> tokens.</summary>
    public OneHot(long vocabularySize, ScalarType dtype = ScalarType.Float32) : base("one_hot")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vocabularySize);
        (_size, _dtype) = (vocabularySize, dtype);
    }

    /// <inheritdoc/>
    public override long Width => _size;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor ids)
    {
        Check.Tokens(ids, nameof(ids));
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var index = ids.unsqueeze(-1);
        var ones = torch.ones(index.shape, _dtype, ids.device);
        return zeros([.. ids.shape, _size], _dtype, ids.device).scatter_(-1, index, ones).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override bool HasParameters => false;

    /// <inheritdoc/>
    public override void Backward(Tensor ids, Tensor dx)
    {
    }
}
