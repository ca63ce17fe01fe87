using RnnLab.Cells;
using RnnLab.Modules;
using RnnLab.Recurrence;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Modules;

/// <summary>The modules as people use modules: training, modes, conversions, mistakes.</summary>
public sealed class ModuleUseTests
{
    private const long T = 6, B = 3, I = ModuleTwins.I, H = ModuleTwins.H;

    public static TheoryData<string> Cells => [.. ModuleTwins.Cells];

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_plain_training_loop_has_the_losses_that_it_has_with_TorchSharps_module(string cell)
    {
        using var scope = NewDisposeScope();
        var twins = ModuleTwins.Of(cell, "2");
        var (x, targets) = (Draw.Uniform("x", T, B, I), Draw.Uniform("targets", T, B, H).abs());

        double[] Losses(Twin twin)
        {
            using var optimizer = optim.Adam(twin.Module.parameters(), lr: 0.01);
            return [.. Enumerable.Range(0, 25).Select(_ =>
            {
                optimizer.zero_grad();
                var loss = nn.functional.mse_loss(twin.Call(x, null, null)[0], targets);
                loss.backward();
                optimizer.step();
                return loss.item<double>();
            })];
        }
        var (theirs, ours) = (Losses(twins.Theirs), Losses(twins.Ours));
        Assert.True(ours[^1] < 0.98 * ours[0], "it does not learn");
        Assert.All(theirs.Zip(ours), pair => Assert.Equal(pair.First, pair.Second, 1e-9 * pair.First));
    }

    [Fact]
    public void Dropout_between_layers_draws_new_masks_at_each_call_in_training_and_none_in_evaluation()
    {
        using var scope = NewDisposeScope();
        using var lstm = new LSTM(I, H, numLayers: 2, dropout: 0.5);
        var x = rand(T, B, I);
        Tensor Output() => lstm.call(x).Item1.detach();
        Assert.False(Output().equal(Output()).all().item<bool>());
        lstm.eval();
        Same.Exactly(Output(), Output());
        lstm.train();
        Assert.False(Output().equal(Output()).all().item<bool>());
    }

    [Fact]
    public void TorchSharps_seed_decides_over_weights_and_masks_unless_a_seed_is_given()
    {
        using var scope = NewDisposeScope();
        var x = Draw.Uniform("x", T, B, I).to(ScalarType.Float32);
        Tensor Output(long manualSeed, ulong? seed = null)
        {
            manual_seed(manualSeed);
            using var rnn = new RNN(I, H, numLayers: 2, dropout: 0.5, options: new() { Seed = seed });
            return rnn.call(x).Item1.detach();
        }
        Same.Exactly(Output(1), Output(1));
        Assert.False(Output(1).equal(Output(2)).all().item<bool>());
        Same.Exactly(Output(1, seed: 7), Output(2, seed: 7));
    }

    [Fact]
    public void Initial_values_are_as_in_PyTorch_or_as_the_options_say()
    {
        using var lstm = new LSTM(I, hiddenSize: 400);
        var bound = 1 / Math.Sqrt(400);
        Assert.All(lstm.parameters(), p => Assert.InRange(p.abs().max().item<float>(), 0.98 * bound, bound));
        using var forgetful = new LSTM(I, H, options: new() { Initialization = new() { ForgetBias = 1 } });
        Assert.Equal(H, forgetful.get_parameter("bias_ih_l0")!.narrow(0, H, H).sum().item<float>());
    }

    [Fact]
    public void A_module_is_converted_like_any_other()
    {
        using var scope = NewDisposeScope();
        var twins = ModuleTwins.Of("lstm", "2", ScalarType.Float32);
        twins.Ours.Module.to(ScalarType.Float64);
        twins.Theirs.Module.to(ScalarType.Float64);
        var x = Draw.Uniform("x", T, B, I);
        Same.Within(1e-11, twins.Theirs.Solve(x), twins.Ours.Solve(x));
    }

    [Fact]
    public void A_projection_narrows_output_and_h()
    {
        using var scope = NewDisposeScope();
        using var lstm = new LSTM(I, H, numLayers: 2, bidirectional: true, projSize: 2);
        Assert.Equal([2, H], lstm.get_parameter("weight_hr_l1_reverse")!.shape);
        var (y, h, c) = lstm.call(rand(T, B, I), (rand(4, B, 2), rand(4, B, H)));
        Assert.Equal([[T, B, 4], [4, B, 2], [4, B, H]], new[] { y.shape, h.shape, c.shape });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_tape_that_keeps_less_gives_the_same_gradient(bool budget)
    {
        using var scope = NewDisposeScope();
        var x = Draw.Uniform("x", 600, B, I);
        Dictionary<string, Tensor> Gradients(TapeMemory memory)
        {
            var gru = new GRU(I, H, dtype: ScalarType.Float64, options: new() { Seed = 1, TapeMemory = memory });
            return Twin.Of(gru).Solve(x);
        }
        Same.Within(1e-12, Gradients(TapeMemory.Full), Gradients(budget ? TapeMemory.Budget(400) : TapeMemory.SquareRoot));
    }

    [Theory]
    [InlineData("input is (6, 3, 3), expected (T, B, I) or (T, I), with I = 4", "input")]
    [InlineData("input is (4), expected", "rank")]
    [InlineData("input is (0, 3, 4), expected", "empty")]
    [InlineData("input is Float64, the module's weights are Float32", "dtype")]
    [InlineData("h_0 is (1, 2, 5), expected (1, 3, 5)", "h_0")]
    [InlineData("c_0 is (1, 3, 6), expected (1, 3, 5)", "c_0")]
    [InlineData("c_0 is Float64, the module's weights are Float32", "state dtype")]
    public void What_does_not_fit_is_told_before_anything_is_computed(string message, string mistake)
    {
        using var scope = NewDisposeScope();
        using var lstm = new LSTM(I, H);
        (Tensor X, (Tensor, Tensor)? State) arguments = mistake switch
        {
            "input" => (rand(T, B, I - 1), null),
            "rank" => (rand(I), null),
            "empty" => (rand(0, B, I), null),
            "dtype" => (rand(T, B, I).to(ScalarType.Float64), null),
            "h_0" => (rand(T, B, I), (rand(1, B - 1, H), rand(1, B, H))),
            "c_0" => (rand(T, B, I), (rand(1, B, H), rand(1, B, H + 1))),
            _ => (rand(T, B, I), (rand(1, B, H), rand(1, B, H).to(ScalarType.Float64))),
        };
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => lstm.call(arguments.X, arguments.State)).Message);
    }

    [Fact]
    public void A_packed_input_of_another_width_or_dtype_is_told()
    {
        using var scope = NewDisposeScope();
        using var gru = new GRU(I, H);
        var lengths = tensor(new[] { 3L, 2 });
        var wide = nn.utils.rnn.pack_padded_sequence(rand(3, 2, I + 1), lengths);
        Assert.Contains("packed input is (5, 5), expected (N, 4)", Assert.Throws<ArgumentException>(() => gru.call(wide)).Message);
        var doubles = nn.utils.rnn.pack_padded_sequence(rand(3, 2, I).to(ScalarType.Float64), lengths);
        Assert.Contains("packed input is Float64, the module's weights are Float32", Assert.Throws<ArgumentException>(() => gru.call(doubles)).Message);
    }

    [Fact]
    public void Sizes_that_make_no_module_are_told()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new LSTM(0, H));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LSTM(I, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LSTM(I, H, numLayers: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LSTM(I, H, dropout: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LSTM(I, H, projSize: H));
        Assert.Contains("it goes into a CellStateModule", Assert.Throws<ArgumentException>(() => new HiddenStateModule(() => new LstmCell(H), I)).Message);
        Assert.Contains("it goes into a HiddenStateModule", Assert.Throws<ArgumentException>(() => new CellStateModule(() => new GruCell(H), I)).Message);
    }
}
