using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Models;
using RnnLab.Models.Decoding;
using RnnLab.Recurrence;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Models.Feedback;

public sealed class LanguageModelDecoderTests
{
    private const int V = 7;

    private sealed class OtherState : DecoderState
    {
        public override DecoderState Select(Tensor rows) => this;

        public override void Dispose()
        {
        }
    }

    private static LanguageModel Model()
    {
        var rnn = RecurrentStack.Create(() => new LstmCell(4), 3, 2, seed: 5, dtype: ScalarType.Float64);
        return new(new Embedding(V, 3, 5, dtype: ScalarType.Float64), rnn, new Linear(4, V, 5, dtype: ScalarType.Float64));
    }

    private static Dictionary<string, Tensor> Named(RecurrentState state) => state.Named().ToDictionary(p => p.Name, p => p.Tensor);

    [Fact]
    public void Steps_of_the_decoder_are_those_of_the_model_and_leave_the_state_before_as_it_was()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var ids = Draw.Tokens("ids", V, 3, 2);
        DecoderState state = model.Start(2);
        var s = model.ZeroState(2);
        for (var t = 0; t < 3; t++)
        {
            var (expected, after) = model.Step(ids.select(0, t), s);
            ITokenDecoder decoder = model;
            var (logits, next) = decoder.Step(ids.select(0, t), state);
            Same.Exactly(expected, logits);
            Same.Exactly("left as it was", Named(s), Named(((LanguageModelState)state).State));
            state.Dispose();
            (s, state) = (after, next);
        }
        state.Dispose();
    }

    [Fact]
    public void Rows_of_a_state_are_taken_in_any_order_and_twice_and_outlive_what_they_came_from()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var ids = tensor([1L, 2, 3]);
        DecoderState selected;
        Tensor expected;
        using (var inner = NewDisposeScope())
        {
            var (_, state) = model.Step(ids, model.Start(3));
            expected = model.Step(tensor([4L, 5, 6]), state).Logits.index_select(0, tensor([2L, 0, 2])).MoveToOuterDisposeScope();
            selected = state.Select(tensor([2L, 0, 2]));
            state.Dispose();
        }
        using (selected)
            Same.Within(1e-15, expected, model.Step(tensor([6L, 4, 6]), selected).Logits);
    }

    [Fact]
    public void Another_decoders_state_is_refused()
    {
        using var model = Model();
        using var other = new OtherState();
        Assert.Contains("OtherState", Assert.Throws<ArgumentException>(() => model.Step(tensor([1L]), other)).Message, StringComparison.Ordinal);
    }
}
