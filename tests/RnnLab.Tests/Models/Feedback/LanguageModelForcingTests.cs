using RnnLab.Analysis;
using RnnLab.Cells;
using RnnLab.Forcing;
using RnnLab.Layers;
using RnnLab.Models;
using RnnLab.Recurrence;
using RnnLab.Tests.Cells;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Models.Feedback;

/// <summary>Windows of a language model that is fed its own tokens.</summary>
public sealed class LanguageModelForcingTests
{
    private const int V = 7, B = 3;

    // Every coin falls on the truth, yet the window runs step by step.
    private static readonly TeacherForcing AllTruth = new(1 - 1e-15, Seed: 3);

    private static LanguageModel Model(string cell = "lstm", bool oneHot = false, ScalarType dtype = ScalarType.Float64)
    {
        TokenInput input = oneHot ? new OneHot(V, dtype) : new Embedding(V, 3, 5, dtype: dtype);
        // Wide weights, so that the model's own tokens are of all kinds.
        var rnn = RecurrentStack.Create(CellGradientTests.Cells[cell], input.Width, 2, dropout: 0.2, new Initialization { Range = 1 }, 5, dtype: dtype);
        var model = new LanguageModel(input, rnn, new Linear(rnn.OutputSize, V, 5, range: 1, dtype: dtype));
        model.train();
        return model;
    }

    private static (Tensor Ids, Tensor Targets, RecurrentState S0) Problem(LanguageModel model, int steps = 8, int scored = 5)
        => (Draw.Tokens("ids", V, steps, B), Draw.Tokens("targets", V, scored, B), model.ZeroState(B).Map(s => s + 0.1));

    private static Dictionary<string, Tensor> Run(LanguageModel model, TeacherForcing? forcing, long firstStep = 4)
    {
        var (ids, targets, s0) = Problem(model);
        model.Forcing = forcing;
        Gradients.Zero(model.parameters());
        using var window = model.Forward(ids, s0, firstStep);
        var results = new Dictionary<string, Tensor> { ["loss"] = window.Loss(targets) };
        foreach (var t in new[] { 0, 3, 8 })
            foreach (var (name, state) in window.StateBefore(t).Named())
                results[$"{name} before {t}"] = state;
        window.Backward();
        foreach (var (name, parameter) in model.named_parameters())
            results[name] = Gradients.Of(parameter).clone();
        return results;
    }

    [Fact]
    public void With_the_truth_always_a_window_is_bit_for_bit_that_without_forcing()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        Same.Exactly("a probability of 1", Run(model, null), Run(model, new TeacherForcing(1)));
    }

    [Theory]
    [InlineData("lstm"), InlineData("gru"), InlineData("lstm projected"), InlineData("rnn relu")]
    public void Step_by_step_with_every_coin_on_the_truth_it_is_the_same_to_rounding(string cell)
    {
        using var scope = NewDisposeScope();
        using var model = Model(cell);
        Same.Within(Difference.Autograd, Run(model, null), Run(model, AllTruth));
    }

    [Fact]
    public void In_float32_too()
    {
        using var scope = NewDisposeScope();
        using var model = Model(dtype: ScalarType.Float32);
        Same.Within(1e-5, Run(model, null), Run(model, AllTruth));
        Assert.Equal(ScalarType.Float32, Run(model, new TeacherForcing(0.5, Choice: FeedbackChoice.Sample))["loss"].dtype);
    }

    [Theory]
    [InlineData("lstm", false, FeedbackChoice.Argmax, CoinUnit.Token), InlineData("lstm", true, FeedbackChoice.Sample, CoinUnit.Sequence)]
    [InlineData("gru", false, FeedbackChoice.Sample, CoinUnit.Token), InlineData("rnn tanh", false, FeedbackChoice.Argmax, CoinUnit.Sequence)]
    public void Mixed_forcing_passes_the_gradient_audit_with_what_was_fed_frozen(string cell, bool oneHot, FeedbackChoice choice, CoinUnit coin)
    {
        using var scope = NewDisposeScope();
        using var model = Model(cell, oneHot);
        model.Forcing = new(0.5, coin, choice, Seed: 3);
        var (ids, targets, s0) = Problem(model);
        using (var window = (LanguageModelWindow)model.Forward(ids, s0))
            Assert.True(window.Ids.ne(ids).sum().item<long>() > 0, "nothing of the model's own was fed");
        var rows = GradientAudit.Of(model, ids, targets, s0, elements: 15);
        Assert.All(rows, row => Assert.True(row.Holds, row.ToString()));
        Assert.All(rows, row => Assert.True(row.Largest > 1e-6, $"{row.Name} has no gradient to speak of"));
    }

    [Theory]
    [InlineData(0.0, CoinUnit.Token), InlineData(0.5, CoinUnit.Token), InlineData(0.5, CoinUnit.Sequence)]
    public void Each_step_is_fed_the_truth_or_the_likeliest_token_of_the_step_before_as_its_coin_says(double probability, CoinUnit coin)
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        model.eval();
        model.Forcing = new(probability, coin, Seed: 3);
        var (ids, _, s) = Problem(model, steps: 20);
        using var window = (LanguageModelWindow)model.Forward(ids, s, firstStep: 40);
        var fed = ids.select(0, 0);
        var own = 0;
        for (var t = 0; t < 20; t++)
        {
            if (t > 0)
            {
                (var logits, s) = model.Step(fed, s);
                var (truth, likeliest) = (model.Forcing.Truth(40, t, B), logits.argmax(1));
                fed = tensor(truth.Select((isTruth, b) => (isTruth ? ids : likeliest.unsqueeze(0).expand(20, B))[t, b].item<long>()).ToArray());
                own += truth.Count(isTruth => !isTruth);
            }
            Assert.Equal(fed.data<long>().ToArray(), window.Ids.select(0, t).data<long>().ToArray());
            foreach (var (expected, actual) in s.Named().Zip(window.StateBefore(t).Named()))
                Same.Within(Difference.Autograd, expected.Tensor, actual.Tensor);
        }
        Assert.True(own > 0);
    }

    /// <summary>Hands on to a model and keeps what its windows were made from.</summary>
    private sealed class Listener(LanguageModel model) : ISequenceModel
    {
        public Tensor Fed { get; private set; } = null!;

        public RecurrentState S0 { get; private set; } = null!;

        public long FirstStep { get; private set; }

        public RecurrentState ZeroState(long batch) => model.ZeroState(batch);

        public IWindow Forward(Tensor inputs, RecurrentState s0, long firstStep)
        {
            var window = (LanguageModelWindow)model.Forward(inputs, s0, firstStep);
            (Fed, S0, FirstStep) = (window.Ids.clone().DetachFromDisposeScope(), s0.Copy(), firstStep);
            return window;
        }
    }

    [Theory]
    [InlineData(3, 3), InlineData(2, 5), InlineData(4, 6)]
    public void Truncated_bptt_goes_back_through_the_windows_that_were_fed_and_carries_their_states(int k1, int k2)
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        model.Forcing = new(0.4, Choice: FeedbackChoice.Sample, Seed: 3);
        var (ids, targets) = (Draw.Tokens("ids", V, 12, B), Draw.Tokens("targets", V, 12, B));
        var listener = new Listener(model);
        using var bptt = new TruncatedBptt(listener, k1, k2);
        var own = 0L;
        for (var t = 0; t + k1 <= 12; t += k1)
        {
            Gradients.Zero(model.parameters());
            var loss = bptt.Advance(ids.narrow(0, t, k1), targets.narrow(0, t, k1));
            Assert.Equal(Math.Max(0, t - (k2 - k1)), listener.FirstStep);
            own += listener.Fed.ne(ids.narrow(0, listener.FirstStep, listener.Fed.shape[0])).sum().item<long>();
            var reference = GradientAudit.AutogradLoss(model, listener.Fed, targets.narrow(0, t, k1), listener.S0, listener.FirstStep);
            Same.Within(Difference.Autograd, reference.detach(), loss);
            foreach (var ((_, parameter), gradient) in model.named_parameters().Zip(autograd.grad([reference], [.. model.parameters()])))
                Same.Within(Difference.Autograd, gradient, Gradients.Of(parameter));
            // The next window starts from the state that the fed tokens led to, with the true tokens of the steps that are run again.
            var kept = (int)(bptt.Window!.Earlier?.shape[0] ?? 0);
            var before = listener.Fed.narrow(0, 0, listener.Fed.shape[0] - kept);
            var state = before.shape[0] == 0
                ? listener.S0
                : AutogradUnroll.Forward(model.Rnn, model.Input.Forward(before), listener.S0, new() { FirstStep = listener.FirstStep }).State;
            foreach (var (expected, actual) in state.Named().Zip(bptt.Window.State.Named()))
                Same.Within(Difference.Autograd, expected.Tensor.detach(), actual.Tensor);
            if (kept > 0)
                Same.Exactly(ids.narrow(0, t + k1 - kept, kept), bptt.Window.Earlier!);
        }
        Assert.True(own > 0);
    }

    [Fact]
    public void A_stream_that_is_taken_up_from_its_open_window_goes_on_bit_for_bit()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        model.Forcing = new(0.4, Choice: FeedbackChoice.Sample, Seed: 3);
        var (ids, targets) = (Draw.Tokens("ids", V, 12, B), Draw.Tokens("targets", V, 12, B));
        Dictionary<string, Tensor> Last(TruncatedBptt bptt)
        {
            Gradients.Zero(model.parameters());
            var results = new Dictionary<string, Tensor> { ["loss"] = bptt.Advance(ids.narrow(0, 9, 3), targets.narrow(0, 9, 3)) };
            foreach (var (name, parameter) in model.named_parameters())
                results[name] = Gradients.Of(parameter).clone();
            return results;
        }
        using var whole = new TruncatedBptt(model, 3, 5);
        for (var t = 0; t < 9; t += 3)
            whole.Advance(ids.narrow(0, t, 3), targets.narrow(0, t, 3));
        using var resumed = new TruncatedBptt(model, 3, 5);
        resumed.Restore(new OpenWindow(whole.Window!.State.Copy(), whole.Window.Earlier!.clone().DetachFromDisposeScope()), whole.NextStep);
        Same.Exactly("taken up again", Last(whole), Last(resumed));
    }

    [Fact]
    public void A_forced_window_goes_back_once()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        model.Forcing = new(0.5);
        var (ids, targets, s0) = Problem(model);
        using var window = model.Forward(ids, s0);
        Assert.Throws<ArgumentOutOfRangeException>(() => window.StateBefore(9));
        window.Loss(targets);
        window.Backward();
        foreach (var act in (Action[])[window.Backward, () => window.Loss(targets), () => window.StateBefore(0)])
            Assert.Contains("run the forward again", Assert.Throws<InvalidOperationException>(act).Message, StringComparison.Ordinal);
    }
}
