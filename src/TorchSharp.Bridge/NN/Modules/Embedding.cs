using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Rows of weight (num_embeddings, dims) by Int64 index; initially N(0, 1), the padding row zero.</summary>
public sealed class Embedding : nn.Module<Tensor, Tensor>
{
    private readonly long _paddingIndex;
    private readonly double? _maxNorm;
    private readonly double _normType;
    private readonly bool _scaleGradByFrequency;
    private readonly bool _sparse;

    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;

    internal Embedding(
        Parameter weight, long? paddingIndex, double? maxNorm, double normType, bool scaleGradByFrequency, bool sparse)
        : base(nameof(Embedding))
    {
        var count = weight.shape[0];
        if (paddingIndex is { } padding && (padding < -count || padding >= count))
            throw new ArgumentOutOfRangeException(nameof(paddingIndex), padding, $"The padding index must be within {count} embeddings.");

        // −1 is "none" for the operator; a negative index counts from the end.
        _paddingIndex = paddingIndex is { } index ? (index + count) % count : -1;
        _maxNorm = maxNorm;
        _normType = normType;
        _scaleGradByFrequency = scaleGradByFrequency;
        _sparse = sparse;
        this.weight = weight;
    }

    public Parameter weight
    {
        get => _weight!;
        set => ParameterSlot.Assign(ref _weight, value, this, nameof(weight));
    }

    internal Embedding Initialized()
    {
        using var _ = no_grad();
        init.normal_(weight);
        if (_paddingIndex < 0) return this;
        using var row = weight.select(0, _paddingIndex);
        row.zero_();
        return this;
    }

    public override Tensor forward(Tensor input)
    {
        if (_maxNorm is { } norm)
        {
            using var _ = no_grad();
            Op.Run("aten::embedding_renorm_", weight, input, norm, _normType);
        }

        return Op.Call1("aten::embedding", weight, input, _paddingIndex, _scaleGradByFrequency, _sparse);
    }
}
