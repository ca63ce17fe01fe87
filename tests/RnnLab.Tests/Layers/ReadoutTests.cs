using RnnLab.Layers;
using RnnLab.Recurrence.Sequences;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Layers;

/// <summary>Which outputs a head sees. (Their gradients are tested with the models.)</summary>
public sealed class ReadoutTests
{
    private const int T = 4, B = 3, O = 2;

    private static readonly Dictionary<string, Readout> Readouts = new()
    {
        ["each step"] = Readout.EachStep, ["mean"] = Readout.Mean, ["max"] = Readout.Maximum,
        ["last"] = Readout.Last([new(1, Reverse: false), new(1, Reverse: true)]),
    };

    public static TheoryData<string> Names => [.. Readouts.Keys];

    private static readonly long[] Unequal = [2, 4, 1];

    [Theory]
    [MemberData(nameof(Names))]
    public void Padding_has_no_effect_and_gets_no_gradient(string name)
    {
        using var scope = NewDisposeScope();
        var readout = Readouts[name];
        foreach (var form in Enum.GetValues<PaddingForm>())
        {
            using var lengths = SequenceLengths.Of(Unequal, form: form);
            var y = Draw.Uniform("y", T, B, O);
            var other = y.clone();
            for (var b = 0; b < B; b++)
                other.select(1, b).narrow(0, Unequal[b], T - Unequal[b]).fill_(double.NaN);
            var rows = readout.Forward(y, lengths, out var saved);
            Same.Exactly(rows, readout.Forward(other, lengths, out _));
            var dy = readout.Backward(Draw.Uniform("dRows", rows.shape), saved, y.shape, lengths);
            for (var b = 0; b < B; b++)
                Assert.Equal(0, dy.select(1, b).narrow(0, Unequal[b], T - Unequal[b]).abs().sum().item<double>());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_backward_is_the_adjoint_of_the_forward(string name)
    {
        using var scope = NewDisposeScope();
        var readout = Readouts[name];
        foreach (var lengths in (SequenceLengths?[])[null, SequenceLengths.Of(Unequal)])
        {
            var y = Draw.Uniform("y", T, B, O);
            var rows = readout.Forward(y, lengths, out var saved);
            var dRows = Draw.Uniform("dRows", rows.shape);
            // Linear in y, the maximum too, where it stands.
            Assert.Equal((rows * dRows).sum().item<double>(), (readout.Backward(dRows, saved, y.shape, lengths) * y).sum().item<double>(), 12);
        }
    }

    [Fact]
    public void Values_are_those_of_the_definitions()
    {
        using var scope = NewDisposeScope();
        var y = tensor(new double[] { 1, 5, /**/ 3, 2, /**/ 9, 9 }, [3, 1, 2]);
        using var lengths = SequenceLengths.Of([2]);
        double[] Read(string name, SequenceLengths? own) => Readouts[name].Forward(y, own, out _).reshape(-1).data<double>().ToArray();
        Assert.Equal([3, 5], Read("last", lengths));
        Assert.Equal([9, 5], Read("last", null));
        Assert.Equal([2, 3.5], Read("mean", lengths));
        Assert.Equal([3, 5], Read("max", lengths));
        Assert.Equal([9, 9], Read("max", null));
        Assert.Equal([1, 5, 3, 2], Read("each step", lengths));
    }

    [Fact]
    public void Rows_and_their_targets_stand_alike_and_find_back()
    {
        using var scope = NewDisposeScope();
        using var lengths = SequenceLengths.Of(Unequal);
        var y = Draw.Uniform("y", T, B, O);
        var rows = Readout.EachStep.TargetRows(y, lengths);
        Same.Exactly(rows.select(1, 0).contiguous(), Readout.EachStep.TargetRows(y.select(2, 0), lengths));
        var back = Readout.EachStep.AtTargets(rows, T, B, lengths);
        for (var b = 0; b < B; b++)
            Same.Exactly(y.select(1, b).narrow(0, 0, Unequal[b]).contiguous(), back.select(1, b).narrow(0, 0, Unequal[b]).contiguous());
        Assert.Equal(Unequal.Sum(), rows.shape[0]);
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
    {
        using var scope = NewDisposeScope();
        using var lengths = SequenceLengths.Of([5, 1, 1]);
        Assert.Throws<ArgumentException>(() => Readout.Mean.Forward(zeros([T, B, O], ScalarType.Float64), lengths, out _));
    }
}
