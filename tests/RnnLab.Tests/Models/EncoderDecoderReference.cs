using RnnLab.Cells;
using RnnLab.Forcing;
using RnnLab.Layers;
using RnnLab.Models;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Sequences;
using RnnLab.Tasks;

namespace RnnLab.Tests.Models;

/// <summary>The equations of an encoder–decoder once more, step by step in plain differentiable operations, by the names of its parameters.</summary>
internal sealed class EncoderDecoderReference(EncoderDecoderModel model, EncoderDecoderSettings settings)
{
    private readonly Dictionary<string, Parameter> _p = model.named_parameters().ToDictionary(p => p.name, p => p.parameter);

    /// <summary>Σ w·ℓ / Σ w in the graph.</summary>
    public Tensor Loss(SequenceBatch batch, PassOptions options)
    {
        var log_p = Logits(batch.Inputs, batch.Lengths, batch.Targets, options).log_softmax(2);
        return (log_p.gather(2, batch.Targets.unsqueeze(2)).squeeze(2).neg() * batch.Weights!).sum() / batch.Scored;
    }

    /// <summary>Logits (T', B, V) of all steps.</summary>
    public Tensor Logits(Tensor inputs, SequenceLengths? lengths, Tensor targets, PassOptions options)
    {
        var (memory, levels) = Encode(inputs, lengths, options);
        var (rnn, decoder) = (model.Decoder.Rnn, model.Decoder);
        var (T, B) = ((int)targets.shape[0], (int)targets.shape[1]);
        var s = FirstState(rnn, levels, B);
        var combined = zeros([B, rnn.OutputSize], ScalarType.Float64);
        var logits = new Tensor[T];
        for (var t = 0; t < T; t++)
        {
            var x = new List<Tensor>();
            if (settings.LaterInputs == LaterInputs.Tokens)
            {
                var fed = t == 0 ? full([B], Vocabulary.BeginIndex, ScalarType.Int64) : Fed(targets.select(0, t - 1), logits[t - 1], options, t);
                x.Add(Embed(decoder.Embedding!, "decoder", fed));
            }
            if (settings.Context.EveryStep)
                x.Add(levels[^1].H);
            var before = settings.Attention == AttentionScore.Additive ? Attend(s.Layers[^1].H, memory!, lengths) : null;
            if (before is not null)
                x.Add(before);
            if (settings.InputFeeding)
                x.Add(combined);
            if (x.Count == 0)
                x.Add(zeros([B, 1], ScalarType.Float64));
            (var output, s) = AutogradUnroll.Forward(rnn, cat(x, 1).unsqueeze(0), s, new SequenceOptions { FirstStep = options.FirstStep + t });
            var h = output.select(0, 0);
            if (before is not null)
                h = cat([h, before], 1);
            else if (settings.Attention is not null)
                h = combined = cat([Attend(h, memory!, lengths), h], 1).mm(_p["combine.weight"].t()).tanh();
            logits[t] = h.mm(_p[settings.TiedEmbeddings ? "decoder.embedding.weight" : "linear.weight"].t()) + _p["linear.bias"];
        }
        return stack(logits);
    }

    private (Tensor? Memory, CellState[] Levels) Encode(Tensor inputs, SequenceLengths? lengths, PassOptions options)
    {
        if (model.Encoder is AttributeEncoder attributes)
            return (null, [new CellState((attributes.Input is { } token ? Embed(token, "encoder", inputs) : inputs).select(0, 0))]);
        var encoder = (RecurrentEncoder)model.Encoder;
        var (rnn, x) = (encoder.Rnn, encoder.Input is { } input ? Embed(input, "encoder", inputs) : inputs);
        var (y, s) = AutogradUnroll.Forward(rnn, x, rnn.ZeroState(inputs.shape[1]), new SequenceOptions { Lengths = lengths, FirstStep = options.FirstStep });
        var levels = s.Layers.Chunk(rnn.Directions).Select(both => new CellState(
            cat([.. both.Select(d => d.H)], 1), both[0].C is null ? null : cat([.. both.Select(d => d.C!)], 1)));
        return (y, [.. levels]);
    }

    private RecurrentState FirstState(RecurrentStack rnn, CellState[] levels, long B)
    {
        if (!settings.Context.Initial)
            return rnn.ZeroState(B);
        if (settings.Bridge == BridgeForm.Copy)
            return new(levels);
        Tensor Map(string name, Tensor s) => (s.mm(_p[$"bridge.{name}.weight"].t()) + _p[$"bridge.{name}.bias"]).tanh();
        return new([.. rnn.Layers.Select((layer, k) =>
        {
            var s = levels[Math.Max(0, k + levels.Length - rnn.Layers.Count)];
            return new CellState(Map($"h_l{k}", s.H), layer.Cell.HasCellState ? Map($"c_l{k}", s.C ?? s.H) : null);
        })]);
    }

    private Tensor Embed(TokenInput input, string part, Tensor ids)
        => input is Embedding ? _p[$"{part}.embedding.weight"].index_select(0, ids.reshape(-1)).view([.. ids.shape, -1]) : input.Forward(ids);

    /// <summary>The context (B, M) of a query (B, Q), sequence by sequence over its own positions.</summary>
    private Tensor Attend(Tensor query, Tensor memory, SequenceLengths? lengths)
    {
        var contexts = Enumerable.Range(0, (int)query.shape[0]).Select(b =>
        {
            var m = memory.select(1, b).narrow(0, 0, lengths?.Values[b] ?? memory.shape[0]);
            return Scores(query.select(0, b).unsqueeze(0), m).softmax(1).mm(m);
        });
        return cat([.. contexts], 0);
    }

    /// <summary>(1, S) of one query (1, Q) and its memory (S, M).</summary>
    private Tensor Scores(Tensor q, Tensor m) => settings.Attention switch
    {
        AttentionScore.Dot => q.mm(m.t()),
        AttentionScore.General => q.mm(_p["attention.weight"]).mm(m.t()),
        AttentionScore.Additive => Nonlinear(q, m, _p["attention.bias"]),
        _ => Nonlinear(q, m, zeros([], ScalarType.Float64)),
    };

    private Tensor Nonlinear(Tensor q, Tensor m, Tensor b)
        => (q.mm(_p["attention.weight_q"].t()) + m.mm(_p["attention.weight_m"].t()) + b).tanh().mm(_p["attention.v"].unsqueeze(1)).t();

    private static Tensor Fed(Tensor truth, Tensor logits, PassOptions options, int t)
    {
        if (options.Forcing is not { } forcing)
            return truth;
        var B = (int)truth.shape[0];
        var (coins, draws) = (forcing.Truth(options.FirstStep, t, B), forcing.Draws(options.FirstStep, t, B));
        var p = logits.detach().softmax(1).data<double>().ToArray().Chunk((int)logits.shape[1]).ToArray();
        return tensor(Enumerable.Range(0, B).Select(b => coins[b] ? truth.data<long>()[b] : Own(p[b], forcing.Choice, draws[b])).ToArray());
    }

    private static long Own(double[] p, FeedbackChoice choice, double draw)
    {
        if (choice == FeedbackChoice.Argmax)
            return Array.IndexOf(p, p.Max());
        for (var k = 0; k < p.Length; k++)
            if ((draw -= p[k]) < 0)
                return k;
        return p.Length - 1;
    }
}
