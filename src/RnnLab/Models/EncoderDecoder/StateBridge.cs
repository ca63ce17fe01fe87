using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Recurrence;

namespace RnnLab.Models;

/// <summary>
/// From what an encoder ends with to the decoder's first state. Levels are matched from the top: decoder layer k is given encoder level
/// k + (encoder's levels − decoder's), or the lowest where there is none below.
/// </summary>
internal abstract class StateBridge() : PlacedModule("bridge")
{
    /// <summary>s_0 of the decoder's layers, in the caller's dispose scope.</summary>
    public abstract RecurrentState Forward(Encoding encoding);

    /// <summary>Adds the gradients of the parameters, and adds ∂L/∂ of the encoder's final states to <paramref name="dLevels"/>.</summary>
    /// <param name="encoding">The forward's.</param>
    /// <param name="s0">What it gave.</param>
    /// <param name="ds0">∂L/∂s_0.</param>
    /// <param name="dLevels">Added to in place.</param>
    public abstract void Backward(Encoding encoding, RecurrentState s0, RecurrentState ds0, IReadOnlyList<CellState> dLevels);

    /// <summary>The encoder level of decoder layer k.</summary>
    protected static int Level(int k, int encoderLevels, int decoderLayers) => Math.Max(0, k + encoderLevels - decoderLayers);
}

/// <summary>s_0 = s: h to h and c to c, layer by layer.</summary>
internal sealed class CopiedStates : StateBridge
{
    public override RecurrentState Forward(Encoding encoding) => new([.. encoding.Levels.Select(level => level.Map(own => own.alias()))]);

    public override void Backward(Encoding encoding, RecurrentState s0, RecurrentState ds0, IReadOnlyList<CellState> dLevels)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        foreach (var (d, ds) in dLevels.Zip(ds0.Layers))
        {
            d.H.add_(ds.H);
            d.C?.add_(ds.C!);
        }
    }
}

/// <summary>
/// h_0 = tanh(W s + b) of a level's h, and c_0 likewise of its c, or of its h where it has no c (an input vector), with W and b for each.
/// Adjoint: da = dh_0 ⊙ (1 − h_0²), then that of a linear layer. Bahdanau et al. (2015) make their one h_0 so, from the reverse direction alone.
/// </summary>
internal sealed class LearnedStates : StateBridge
{
    private readonly (int Level, Linear H, Linear? C)[] _maps;

    /// <param name="levels">The widths of the encoder's levels.</param>
    /// <param name="decoder">The decoder's recurrence.</param>
    /// <param name="seed">Of the weights.</param>
    /// <param name="range">r of U(−r, r), or null for PyTorch's.</param>
    public LearnedStates(IReadOnlyList<(long H, long C)> levels, RecurrentStack decoder, ulong seed, double? range)
    {
        var (dtype, device) = (decoder.Layers[0].Parameters.WeightIh.dtype, decoder.Layers[0].Parameters.WeightIh.device);
        _maps = [.. decoder.Layers.Select((layer, k) =>
        {
            var level = Level(k, levels.Count, decoder.Layers.Count);
            var (h, c) = levels[level];
            return (level, Map($"h_l{k}", h, layer.Cell.OutputSize), layer.Cell.HasCellState ? Map($"c_l{k}", c > 0 ? c : h, layer.Cell.HiddenSize) : null);
        })];

        Linear Map(string name, long from, long to)
        {
            var map = new Linear(from, to, seed, name, range, dtype, device);
            register_module(name, map);
            return map;
        }
    }

    public override RecurrentState Forward(Encoding encoding)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var states = _maps.Select(map =>
        {
            var s = encoding.Levels[map.Level];
            return new CellState(map.H.Forward(s.H).tanh_(), map.C?.Forward(s.C ?? s.H).tanh_());
        });
        return new RecurrentState([.. states]).Map(own => own.MoveToOuterDisposeScope());
    }

    public override void Backward(Encoding encoding, RecurrentState s0, RecurrentState ds0, IReadOnlyList<CellState> dLevels)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        for (var k = 0; k < _maps.Length; k++)
        {
            var (level, h, c) = _maps[k];
            var (from, d) = (encoding.Levels[level], dLevels[level]);
            d.H.add_(h.Backward(from.H, TanhGradient(s0.Layers[k].H, ds0.Layers[k].H)));
            if (c is not null)
                (d.C ?? d.H).add_(c.Backward(from.C ?? from.H, TanhGradient(s0.Layers[k].C!, ds0.Layers[k].C!)));
        }
    }

    private static Tensor TanhGradient(Tensor y, Tensor dy) => dy.addcmul(dy * y, y, -1);
}
