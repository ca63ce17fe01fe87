using RnnLab.Forcing;
using RnnLab.Models;
using RnnLab.Randomness;
using RnnLab.Recurrence;

namespace RnnLab.Training.FreeRunning;

/// <summary>
/// Measures a language model's <see cref="ExposureBias"/>. For n = 0, 1, 2, 4, … N the model is fed w true tokens, then n tokens of its own; then the
/// next m tokens of the text are scored, the truth fed again:
/// <code>
/// text        x_0 …                       … x_{N+w+m−1}
/// for each n  w true tokens, n of its own │ m scored       the scored tokens, x_{N+w} …, are the same for every n
/// </code>
/// The state is zeros before the w tokens, so that all n differ in nothing but what the n tokens are.
/// </summary>
/// <param name="WarmUp">w, at least 1.</param>
/// <param name="Limit">N, at least 1.</param>
/// <param name="Scored">m, at least 1.</param>
/// <param name="Stretches">Places of the text that are looked at, evenly spread; fewer where it has fewer.</param>
/// <param name="Choice">How the model's own tokens are chosen.</param>
/// <param name="Seed">Of the draws.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is not positive.</exception>
public sealed record ExposureMeasurement(
    int WarmUp = 32, int Limit = 64, int Scored = 8, int Stretches = 128, FeedbackChoice Choice = FeedbackChoice.Sample, ulong Seed = 0)
{
    private readonly RandomStream _draws = new(Seed, "exposure/draws");

    /// <summary>w.</summary>
    public int WarmUp { get; } = Positive(WarmUp, nameof(WarmUp));

    /// <summary>N.</summary>
    public int Limit { get; } = Positive(Limit, nameof(Limit));

    /// <summary>m.</summary>
    public int Scored { get; } = Positive(Scored, nameof(Scored));

    /// <summary>Places of the text.</summary>
    public int Stretches { get; } = Positive(Stretches, nameof(Stretches));

    /// <summary>Of the draws.</summary>
    public ulong Seed { get; } = Seed;

    /// <summary>Tokens of a stretch: N + w + m.</summary>
    public int StretchLength => checked(Limit + WarmUp + Scored);

    /// <summary>Measures a model, in evaluation mode.</summary>
    /// <param name="model">The model.</param>
    /// <param name="parts">Validation text: stretches of tokens.</param>
    /// <exception cref="UserException">No part has <see cref="StretchLength"/> tokens.</exception>
    public ExposureBias Of(LanguageModel model, IReadOnlyList<ReadOnlyMemory<long>> parts)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(parts);
        var wasTraining = model.training;
        model.eval();
        try
        {
            using var no_grad = torch.no_grad();
            using var scope = NewDisposeScope();
            var text = Text(parts).to(model.Head.Weight.device);
            return new([.. Doubling.UpTo(Limit).Prepend(0).Select(n => new ExposureRow(n, Nats(model, text, n)))]);
        }
        finally
        {
            model.train(wasTraining);
        }
    }

    /// <summary>Requires a part of the text to have room for a stretch.</summary>
    /// <exception cref="UserException">None has <see cref="StretchLength"/> tokens.</exception>
    public void RequireLength(IReadOnlyList<ReadOnlyMemory<long>> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (!parts.Any(part => part.Length >= StretchLength))
            throw new UserException($"the validation text is too short for free running: {parts.Max(part => (int?)part.Length) ?? 0} tokens in one piece, {StretchLength} are needed");
    }

    /// <summary>The mean loss of the scored tokens after n of the model's own.</summary>
    private double Nats(LanguageModel model, Tensor text, int n)
    {
        using var scope = NewDisposeScope();
        var (rows, last) = (text.shape[1], Limit - n + WarmUp - 1);
        var state = model.ZeroState(rows);
        if (WarmUp > 1)
            (_, state) = model.Rnn.Forward(model.Input.Forward(text.narrow(0, Limit - n, WarmUp - 1)), state);
        var next = text.select(0, last);
        for (var t = last; t < last + n; t++)
        {
            (var logits, state) = model.Step(next, state);
            // By the place in the text: other n draw with the same numbers.
            next = Choice == FeedbackChoice.Argmax ? logits.argmax(1) : OwnTokens.Drawn(logits, _draws.Uniform([rows], 0, 1, (ulong)t).to(logits.device));
        }
        var inputs = cat([next.unsqueeze(0), text.narrow(0, Limit + WarmUp, Scored - 1)], 0);
        var (nats, _) = model.Score(inputs, text.narrow(0, Limit + WarmUp, Scored), state);
        return nats.item<double>() / (rows * Scored);
    }

    /// <summary>The stretches side by side, (N + w + m, stretches).</summary>
    private Tensor Text(IReadOnlyList<ReadOnlyMemory<long>> parts)
    {
        RequireLength(parts);
        var places = parts.Select(part => Math.Max(0L, part.Length - StretchLength + 1)).ToArray();
        var count = (int)Math.Min(Stretches, places.Sum());
        var text = new long[StretchLength * count];
        for (var b = 0; b < count; b++)
        {
            var (place, part) = (places.Sum() * b / count, 0);
            for (; place >= places[part]; part++)
                place -= places[part];
            var stretch = parts[part].Span.Slice((int)place, StretchLength);
            for (var t = 0; t < stretch.Length; t++)
                text[t * count + b] = stretch[t];
        }
        return tensor(text, [StretchLength, count]);
    }

    private static int Positive(int value, string name) => value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be positive");
}
