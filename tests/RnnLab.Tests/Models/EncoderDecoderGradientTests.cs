using RnnLab.Analysis;
using RnnLab.Layers;
using RnnLab.Models;
using RnnLab.Tasks;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Models;

/// <summary>The hand-written backward of whole encoder–decoders.</summary>
public sealed class EncoderDecoderGradientTests
{
    public static TheoryData<string, string> Combinations => Each.Of(EncoderDecoderProblem.All.Keys, EncoderDecoderProblem.Forcing.Keys);

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Loss_and_gradients_equal_autograds(string name, string forcing)
    {
        using var scope = NewDisposeScope();
        using var model = EncoderDecoderProblem.Model(name);
        using var batch = EncoderDecoderProblem.Batch(name);
        RequireSame(model, EncoderDecoderProblem.All[name], batch, new PassOptions { Forcing = EncoderDecoderProblem.Forcing[forcing], FirstStep = 100 });
    }

    [Theory]
    [InlineData(null)]
    [InlineData(AttentionScore.Additive)]
    [InlineData(AttentionScore.General)]
    public void Dropout_between_layers_has_its_part_in_the_gradients(AttentionScore? attention)
    {
        using var scope = NewDisposeScope();
        var settings = EncoderDecoderProblem.All["copied states"] with { Attention = attention, Dropout = 0.4 };
        using var model = EncoderDecoderProblem.Model(EncoderDecoderProblem.ShapeOf("tokens"), settings);
        using var batch = EncoderDecoderProblem.Batch("tokens");
        var evaluated = EncoderDecoderProblem.ByHand(model, batch, PassOptions.Default)["loss"].item<double>();
        model.train();
        var trained = RequireSame(model, settings, batch, new PassOptions { FirstStep = 7 });
        Assert.True(Math.Abs(trained - evaluated) > 1e-6, "no mask was drawn");
    }

    [Theory]
    [InlineData("initial and every step, bidirectional", "half, argmax")]
    [InlineData("additive", "half, sampled")]
    [InlineData("dot", "always")]
    [InlineData("concat", "half of the sequences")]
    [InlineData("general, input feeding, tied, bidirectional", "half, argmax")]
    [InlineData("one vector", "never")]
    public void Gradients_equal_central_differences(string name, string forcing)
    {
        using var scope = NewDisposeScope();
        using var model = EncoderDecoderProblem.Model(name);
        using var batch = EncoderDecoderProblem.Batch(name);
        var options = new PassOptions { Forcing = EncoderDecoderProblem.Forcing[forcing] };
        var byHand = EncoderDecoderProblem.ByHand(model, batch, options);
        double Loss()
        {
            using var own = NewDisposeScope();
            using var pass = model.Forward(batch, options);
            return pass.Loss.item<double>();
        }
        foreach (var (parameter, p) in model.named_parameters())
        {
            // The largest elements: what they are known to is a fraction of the loss.
            var gradient = byHand[parameter].reshape(-1);
            var values = gradient.data<double>().ToArray();
            long[] places = [.. Enumerable.Range(0, values.Length).OrderByDescending(i => Math.Abs(values[i])).Take(2).Select(i => (long)i)];
            var difference = Difference.Of(gradient.index_select(0, tensor(places)), CentralDifferences.Of(Loss, p, places));
            Assert.True(difference <= Difference.CentralDifferences, $"{parameter}: {difference:g3}");
        }
    }

    [Fact]
    public void Gradients_add_up_over_passes_and_are_scaled()
    {
        using var scope = NewDisposeScope();
        using var model = EncoderDecoderProblem.Model("additive");
        using var batch = EncoderDecoderProblem.Batch("additive");
        var once = EncoderDecoderProblem.ByHand(model, batch, PassOptions.Default);
        Gradients.Zero(model.parameters());
        using (var first = model.Forward(batch, PassOptions.Default))
        using (var second = model.Forward(batch, PassOptions.Default))
        {
            first.Backward(0.5);
            second.Backward(2);
        }
        Same.Within(Difference.Autograd,
            once.Where(p => p.Key != "loss").ToDictionary(p => p.Key, p => p.Value * 2.5),
            model.named_parameters().ToDictionary(p => p.name, p => Gradients.Of(p.parameter)));
    }

    [Fact]
    public void A_second_backward_is_refused()
    {
        using var scope = NewDisposeScope();
        using var model = EncoderDecoderProblem.Model("initial");
        using var batch = EncoderDecoderProblem.Batch("initial");
        using var pass = model.Forward(batch, PassOptions.Default);
        pass.Backward();
        Assert.Contains("run the forward again", Assert.Throws<InvalidOperationException>(() => pass.Backward()).Message);
    }

    public static TheoryData<string> NotSequential
        => [.. EncoderDecoderProblem.All.Where(p => p.Value is { InputFeeding: false, Attention: not AttentionScore.Additive }).Select(p => p.Key)];

    [Theory]
    [MemberData(nameof(NotSequential))]
    public void The_sequence_at_once_equals_step_by_step(string name)
    {
        using var scope = NewDisposeScope();
        using var model = EncoderDecoderProblem.Model(name);
        using var batch = EncoderDecoderProblem.Batch(name);
        using var encoded = model.Encode(batch.Inputs, batch.Lengths, record: false, firstStep: 0);
        using var s0 = model.FirstState(encoded.Encoding);
        var atOnce = Run(() => model.Decode(encoded.Encoding, s0, batch.Targets, PassOptions.Default, record: true));
        var stepwise = Run(() => new StepwiseDecoder(model.Decoder, encoded.Encoding, s0, EncoderDecoderModel.Fed(batch.Targets), null, record: true, firstStep: 0));
        Same.Within(Difference.Autograd, stepwise, atOnce);

        Dictionary<string, Tensor> Run(Func<DecoderPass> run)
        {
            Gradients.Zero(model.parameters());
            using var decoder = run();
            var readout = decoder.Readout.clone();
            var (ds0, dMemory, dFixed) = decoder.Backward(Draw.Uniform("R", readout.shape));
            var all = EncoderDecoderProblem.Results(model, readout);
            foreach (var (state, ds) in ds0.Named())
                all[$"d {state}"] = ds;
            if (dMemory is not null)
                all["dMemory"] = dMemory;
            if (dFixed is not null)
                all["dFixed"] = dFixed;
            return all;
        }
    }

    [Fact]
    public void Known_inputs_run_as_one_sequence_and_dependent_ones_step_by_step()
    {
        using var scope = NewDisposeScope();
        foreach (var (name, settings) in EncoderDecoderProblem.All)
        {
            using var model = EncoderDecoderProblem.Model(name);
            using var batch = EncoderDecoderProblem.Batch(name);
            using var encoded = model.Encode(batch.Inputs, batch.Lengths, record: false, firstStep: 0);
            using var s0 = model.FirstState(encoded.Encoding);
            using var forced = model.Decode(encoded.Encoding, s0, batch.Targets, PassOptions.Default, record: false);
            using var free = model.Decode(encoded.Encoding, s0, batch.Targets, new PassOptions { Forcing = new(0.5) }, record: false);
            Assert.Equal(settings.InputFeeding || settings.Attention == AttentionScore.Additive, forced is StepwiseDecoder);
            Assert.Equal(forced is StepwiseDecoder || settings.LaterInputs == LaterInputs.Tokens, free is StepwiseDecoder);
        }
    }

    /// <returns>The loss.</returns>
    private static double RequireSame(EncoderDecoderModel model, EncoderDecoderSettings settings, SequenceBatch batch, PassOptions options)
    {
        var byHand = EncoderDecoderProblem.ByHand(model, batch, options);
        Gradients.Zero(model.parameters());
        var loss = new EncoderDecoderReference(model, settings).Loss(batch, options);
        loss.backward();
        Same.Within(Difference.Autograd, EncoderDecoderProblem.Results(model, loss.detach()), byHand);
        return byHand["loss"].item<double>();
    }
}
