using RnnLab.Layers;
using RnnLab.Metrics;
using RnnLab.Models.Decoding;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Sequences;
using RnnLab.Tasks;

namespace RnnLab.Models;

/// <summary>
/// From an input to a sequence of tokens of its own length: an encoder reads the input, a decoder says the tokens, each given those before (Cho et al. 2014; Sutskever, Vinyals
/// and Le 2014). The input is a sequence of tokens or vectors, or one vector (one-to-many). Every backward pass is by hand.
/// <code>
/// no attention          h_t = rnn([e_t; C])                  logits = W h_t + b                         C and s_0 as the settings say
/// additive              h_t = rnn([e_t; c_t])                logits = W [h_t; c_t] + b                  c_t attends with h_{t-1} of the top layer
/// dot, general, concat  h_t = rnn([e_t; h~_{t-1}])           logits = W h~_t + b                        c_t attends with h_t,
///                                                            h~_t = tanh(W_c [c_t; h_t])                h~_{t-1} with input feeding alone, zeros at first
/// </code>
/// e_t is the embedding of token t − 1, of the begin mark at first.
/// <para>Cho et al. (2014) give C and e_t to the output layer too; here h_t alone.</para>
/// <para>
/// Bahdanau, Cho and Bengio (2015) have a maxout layer over h_{t-1}, e_t and c_t before the softmax and one GRU as decoder; here a linear layer over [h_t; c_t],
/// and any cell and depth.
/// </para>
/// <para>
/// Luong, Pham and Manning (2015) start the decoder with the encoder's last state, here <see cref="BridgeForm.Copy"/>; their local attention and their location score
/// are not here.
/// </para>
/// </summary>
public sealed class EncoderDecoderModel : BatchModel, ITokenDecoder
{
    private readonly EncoderDecoderSettings _settings;

    private EncoderDecoderModel(TaskShape shape, EncoderDecoderSettings settings, Encoder encoder, StateBridge? bridge, DecoderParts decoder)
        : base("encoder_decoder", shape)
    {
        (_settings, Encoder, Bridge, Decoder) = (settings, encoder, bridge, decoder);
        register_module("encoder", encoder);
        if (bridge is not null)
            register_module("bridge", bridge);
        register_module("decoder", new DecoderModule(decoder.Embedding, decoder.Rnn));
        if (decoder.Attention is not null)
            register_module("attention", decoder.Attention);
        if (decoder.Combine is not null)
            register_module("combine", decoder.Combine);
        register_module("linear", decoder.Head);
    }

    /// <summary>Readout to logits over the target's tokens.</summary>
    public Linear Head => Decoder.Head;

    /// <summary>The attention, or null.</summary>
    public Attention? Attention => Decoder.Attention;

    internal Encoder Encoder { get; }

    internal StateBridge? Bridge { get; }

    internal DecoderParts Decoder { get; }

    /// <summary>A new model.</summary>
    /// <param name="shape">Targets that are sequences of tokens of their own.</param>
    /// <param name="settings">What it is built of.</param>
    /// <param name="seed">The experiment's seed; encoder, decoder and bridge draw from seeds of their own that are made of it.</param>
    /// <param name="dtype">float32 or float64.</param>
    /// <param name="device">Where the parameters live.</param>
    /// <exception cref="ArgumentException">Settings that do not go together or do not suit the shape; the message begins with the setting's name.</exception>
    public static EncoderDecoderModel Create(TaskShape shape, EncoderDecoderSettings settings, ulong seed, ScalarType dtype, Device device)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(device);
        var (encoder, bridge, decoder) = new EncoderDecoderBuilder(shape, settings, seed, dtype, device).Build();
        return new(shape, settings, encoder, bridge, decoder);
    }

    /// <summary>The longer of input and target: encoder and decoder count the same time steps, and draw from streams of their own.</summary>
    public override long StepsOf(SequenceBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Math.Max(batch.Steps, batch.Targets.shape[0]);
    }

    /// <inheritdoc/>
    public override IBatchPass Forward(SequenceBatch batch, PassOptions options)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(options);
        return new EncoderDecoderPass(this, batch, options);
    }

    /// <inheritdoc/>
    public override BatchResult Evaluate(SequenceBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        using var encoded = Encode(batch.Inputs, batch.Lengths, record: false, firstStep: 0);
        using var s0 = FirstState(encoded.Encoding);
        using var decoder = Decode(encoded.Encoding, s0, batch.Targets, PassOptions.Default, record: false);
        using var loss = LossOf(decoder, batch);
        using var start = Start(encoded.Encoding);
        // Each answer is cut at a limit of its own, so that it does not depend on what stands beside it.
        int[] limits = [.. batch.Examples.Select(example => _settings.MaxLength ?? 2 * (example.Target.Length + 1) + 10)];
        var said = new GreedyDecoding().Decode(new(this, start, Begin(batch.Size, batch.Targets.device), Vocabulary.EndIndex, limits.Max()));
        var sum = loss.Losses.to(ScalarType.Float64).sum().item<double>();
        return new(sum, batch.Scored, [.. said.Zip(limits, (answer, limit) => new Prediction([], Shape.Target.Size, answer.Cut(limit)))]);
    }

    /// <summary>The state of sequences of which nothing is said yet, a row for each input: the first token that <see cref="Step"/> takes is the begin mark.</summary>
    /// <param name="inputs">(S, R) tokens, or (S, R, K).</param>
    /// <param name="lengths">Steps of each, or null for S.</param>
    public EncoderDecoderState Start(Tensor inputs, SequenceLengths? lengths)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        using var encoded = Encode(inputs, lengths, record: false, firstStep: 0);
        return Start(encoded.Encoding);
    }

    /// <inheritdoc/>
    /// <remarks>Without masks, whatever the module's mode. It reads nothing to the host.</remarks>
    public (Tensor Logits, DecoderState State) Step(Tensor tokens, DecoderState state)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (state is not EncoderDecoderState before)
            throw new ArgumentException("the state is not an encoder-decoder's", nameof(state));
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        RecurrentState? after = null;
        var step = Decoder.Step(
            Decoder.Embedding?.Forward(tokens), before.FixedContext, before.Feeding, before.Rnn.Layers[^1].H, before.Memory?.Pass,
            x =>
            {
                (var h, after) = Decoder.Rnn.Step(x, before.Rnn);
                return h;
            });
        var logits = Decoder.Head.Forward(step.Readout);
        return (logits.MoveToOuterDisposeScope(), new EncoderDecoderState(
            after!.Map(s => s.DetachFromDisposeScope()), before.FixedContext?.alias().DetachFromDisposeScope(), before.Memory?.Share(),
            Decoder.InputFeeding ? step.Readout.DetachFromDisposeScope() : null, step.Weights?.DetachFromDisposeScope()));
    }

    internal EncoderPass Encode(Tensor inputs, SequenceLengths? lengths, bool record, long firstStep) => Encoder.Forward(inputs, lengths, record, firstStep);

    /// <summary>s_0 of the decoder, which no dispose scope ends.</summary>
    internal RecurrentState FirstState(Encoding encoding)
    {
        using var scope = NewDisposeScope();
        return (Bridge?.Forward(encoding) ?? Decoder.Rnn.ZeroState(encoding.Batch)).Map(s => s.DetachFromDisposeScope());
    }

    internal DecoderPass Decode(Encoding encoding, RecurrentState s0, Tensor targets, PassOptions options, bool record)
    {
        using var scope = NewDisposeScope();
        var tokens = Fed(targets);
        // Inputs of zeros are known whatever the coins say.
        var forcing = options.Forcing is { IsAlways: false } mixed && Decoder.Embedding is not null ? mixed : null;
        return forcing is not null || Decoder.IsSequential
            ? new StepwiseDecoder(Decoder, encoding, s0, tokens, forcing, record, options.FirstStep)
            : new SequenceDecoder(Decoder, encoding, s0, tokens, record, options.FirstStep);
    }

    /// <summary>The begin mark and then the truth of the step before, (T', B).</summary>
    internal static Tensor Fed(Tensor targets)
        => cat([Begin(targets.shape[1], targets.device).unsqueeze(0), targets.narrow(0, 0, targets.shape[0] - 1)], 0);

    internal OutputLossPass LossOf(DecoderPass decoder, SequenceBatch batch)
    {
        using var scope = NewDisposeScope();
        var logits = decoder.Logits?.view(-1, Shape.Target.Size) ?? Head.Forward(decoder.Readout.view(-1, decoder.Readout.shape[2]));
        return OutputLoss.CrossEntropy.Forward(logits, batch.Targets.reshape(-1), batch.Weights?.reshape(-1));
    }

    private static Tensor Begin(long rows, Device device) => full([rows], Vocabulary.BeginIndex, ScalarType.Int64, device);

    private EncoderDecoderState Start(Encoding encoding)
    {
        using var scope = NewDisposeScope();
        var feeding = Decoder.InputFeeding ? zeros([encoding.Batch, Decoder.OutputSize], Decoder.Like.dtype, Decoder.Like.device).DetachFromDisposeScope() : null;
        var context = Decoder.FixedWidth == 0 ? null : encoding.Summary.alias().DetachFromDisposeScope();
        return new(FirstState(encoding), context, Attention is null ? null : SharedMemory.Of(Attention, encoding), feeding, null);
    }
}
