using RnnLab.Tasks;

namespace RnnLab.Metrics;

/// <summary>
/// <c>frame_nll</c>: the mean negative log-likelihood of a frame of K bits in nats, Σ_t w_t Σ_k (softplus(z_tk) − target_tk·z_tk) / Σ_t w_t of logits z,
/// as for piano rolls (Boulanger-Lewandowski et al. 2012). The mean is over all frames of the set, so that longer pieces count more.
/// </summary>
public sealed class FrameNll : IMetric
{
    private readonly WeightedMean _nats = new();

    /// <inheritdoc/>
    public void Add(Example example, Prediction prediction)
    {
        foreach (var (index, weight) in Scored.Vectors(example, prediction))
        {
            var target = Scored.VectorsOf(example).At(index);
            var nats = 0.0;
            for (var k = 0; k < target.Length; k++)
            {
                var z = prediction.Outputs[(index * target.Length) + k];
                nats += Math.Max(z, 0) + Math.Log(1 + Math.Exp(-Math.Abs(z))) - (target[k] * z);
            }
            _nats.Add(nats, weight);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, double Value)> Values() => _nats.Named("frame_nll");
}

/// <summary>
/// <c>frame_accuracy</c>: TP / (TP + FP + FN) over all bits of all frames (Bay et al. 2009; Boulanger-Lewandowski et al. 2012), a bit being said where
/// its logit is over 0, which is a probability over one half. Bits that are rightly not said do not count. There is no figure where no bit is set or
/// said.
/// </summary>
public sealed class FrameAccuracy : IMetric
{
    private readonly WeightedMean _right = new();

    /// <inheritdoc/>
    public void Add(Example example, Prediction prediction)
    {
        foreach (var (index, weight) in Scored.Vectors(example, prediction))
        {
            var target = Scored.VectorsOf(example).At(index);
            for (var k = 0; k < target.Length; k++)
            {
                var (isSet, isSaid) = (target[k] > 0.5, prediction.Outputs[(index * target.Length) + k] > 0);
                if (isSet || isSaid)
                    _right.Add(isSet && isSaid ? 1 : 0, weight);
            }
        }
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, double Value)> Values() => _right.Named("frame_accuracy");
}
