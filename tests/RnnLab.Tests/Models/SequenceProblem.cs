using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Models;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Sequences;
using RnnLab.Tasks;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Models;

/// <summary>A model, a batch, and the same loss in plain differentiable tensor operations, sequence by sequence.</summary>
internal sealed class SequenceProblem
{
    public const int T = 6, B = 3, K = 3;

    private static readonly long[] Unequal = [4, 6, 1];

    /// <summary>Every core, by name.</summary>
    public static readonly IReadOnlyDictionary<string, SequenceModelSettings> Cores = new Dictionary<string, SequenceModelSettings>
    {
        ["lstm"] = new() { NewCell = () => new LstmCell(4), Layers = 2, Dropout = 0.3 },
        ["gru both ways"] = new() { NewCell = () => new GruCell(3), Layers = 2, Bidirectional = true },
        ["rnn with skips both ways"] = new() { NewCell = () => new RnnCell(2), Layers = 2, Bidirectional = true, Connection = StackConnection.Skip },
        ["memoryless"] = new() { Kind = SequenceModelKind.Memoryless, HiddenSize = 5, Layers = 2, Nonlinearity = Nonlinearity.Relu },
        ["window"] = new() { Kind = SequenceModelKind.Window, HiddenSize = 4, WindowSize = 3 },
        ["untied"] = new() { Kind = SequenceModelKind.Untied, HiddenSize = 4, UntiedSteps = T },
    };

    public SequenceProblem(SequenceModelSettings settings, TaskShape shape, bool unequal, bool nanPadding = false, Device? device = null)
    {
        Model = SequenceModel.Create(shape, settings, 5, ScalarType.Float64, device ?? CPU);
        var batch = Drawn(shape, unequal ? Unequal : null, nanPadding);
        Batch = device is null ? batch : batch with { Inputs = batch.Inputs.to(device), Targets = batch.Targets.to(device), Weights = batch.Weights?.to(device) };
    }

    public SequenceModel Model { get; }

    public SequenceBatch Batch { get; }

    /// <summary>A shape of inputs and targets with K values each.</summary>
    public static TaskShape Shape(ValueKind input, ValueKind target, TargetPlace place) => new(new(input, input == ValueKind.Tokens ? 5 : 2), new(target, K), place);

    /// <summary>The mean loss, in an autograd graph.</summary>
    public Tensor AutogradLoss()
    {
        var ids = Batch.Inputs;
        var x = Model.Input switch
        {
            Embedding embedding => embedding.Weight.index_select(0, ids.reshape(-1)).view(ids.shape[0], ids.shape[1], -1),
            null => WithoutNaN(ids),
            var oneHot => oneHot.Forward(ids),
        };
        var y = CoreOutput(x);
        var sum = zeros([], ScalarType.Float64);
        for (var b = 0; b < Batch.Size; b++)
        {
            var length = Batch.Lengths?.Values[b] ?? Batch.Steps;
            var own = y.select(1, b).narrow(0, 0, length);
            var each = Model.Shape.Place == TargetPlace.EachStep;
            var rows = each ? own : Read(own).unsqueeze(0);
            for (var n = 0; n < rows.shape[0]; n++)
            {
                var logits = Model.Head.Bias + Model.Head.Weight.mv(rows.select(0, n));
                var target = each ? Batch.Targets.select(0, n).select(0, b) : Batch.Targets.select(0, b);
                var weight = Batch.Weights is not { } w ? 1 : (each ? w.select(0, n).select(0, b) : w.select(0, b)).item<double>();
                if (weight != 0)
                    sum += Loss(logits, target) * weight;
            }
        }
        return sum / Batch.Scored;
    }

    /// <summary>The mean loss and every gradient, by the hand-written passes.</summary>
    public Dictionary<string, Tensor> ByHand(long firstStep = 0)
    {
        Gradients.Zero(Model.parameters());
        using var pass = Model.Forward(Batch, new PassOptions { FirstStep = firstStep });
        pass.Backward();
        var all = Model.named_parameters().ToDictionary(p => p.name, p => Gradients.Of(p.parameter).clone());
        all["loss"] = pass.Loss.clone();
        return all;
    }

    /// <summary>The same by autograd.</summary>
    public Dictionary<string, Tensor> ByAutograd()
    {
        var loss = AutogradLoss();
        var parameters = Model.named_parameters().ToArray();
        var gradients = autograd.grad([loss], [.. parameters.Select(p => p.parameter)]);
        var all = parameters.Zip(gradients).ToDictionary(p => p.First.name, p => p.Second);
        all["loss"] = loss.detach();
        return all;
    }

    /// <summary>The mean loss as the forward pass alone gives it.</summary>
    public double LossNow()
    {
        using var scope = NewDisposeScope();
        using var pass = Model.Forward(Batch, PassOptions.Default);
        return pass.Loss.item<double>();
    }

    private static SequenceBatch Drawn(TaskShape shape, long[]? lengths, bool nanPadding)
    {
        Tensor Values(string name, ValueShape values, params long[] at) => values.Kind switch
        {
            ValueKind.Tokens => Draw.Tokens(name, values.Size, at),
            ValueKind.Reals => Draw.Uniform(name, [.. at, values.Size]),
            _ => Draw.Uniform(name, [.. at, values.Size]).gt(0).to(ScalarType.Float64),
        };
        var each = shape.Place == TargetPlace.EachStep;
        var (inputs, targets) = (Values("x", shape.Input, T, B), each ? Values("target", shape.Target, T, B) : Values("target", shape.Target, B));
        var weights = lengths is null ? null : each ? Draw.Uniform("w", T, B).abs() : Draw.Uniform("w", B).abs();
        for (var b = 0; b < B && lengths is not null; b++)
            for (var t = lengths[b]; t < T; t++)
            {
                if (each)
                    weights!.select(0, t).select(0, b).fill_(0.0);
                foreach (var values in each ? new[] { inputs, targets } : [inputs])
                    if (nanPadding && values.dtype == ScalarType.Float64)
                        values.select(0, t).select(0, b).fill_(double.NaN);
            }
        // A step in the midst of which nothing is asked.
        if (each && weights is not null)
            weights.select(0, 1).select(0, 0).fill_(0.0);
        var scored = weights?.sum().item<double>() ?? (each ? T * B : B);
        return new(new Example[B], inputs, lengths is null ? null : SequenceLengths.Of(lengths), targets, weights, scored);
    }

    private static Tensor WithoutNaN(Tensor x) => where(x.isnan(), zeros_like(x), x);

    private Tensor CoreOutput(Tensor x) => Model.Core switch
    {
        RecurrentCore core => AutogradUnroll.Forward(core.Rnn, x, core.Rnn.ZeroState(B), new SequenceOptions { Lengths = Batch.Lengths }).Output,
        WindowCore core => stack([.. Enumerable.Range(0, T).Select(t => Hidden(core.Hidden, Window(x, t, core.WindowSize)))]),
        UntiedCore core => Untied(core.Rnn, x),
        _ => throw new InvalidOperationException("another core"),
    };

    private static Tensor Window(Tensor x, int t, int size)
        => cat([.. Enumerable.Range(t - size + 1, size).Select(step => step < 0 ? zeros_like(x.select(0, 0)) : x.select(0, step))], 1);

    private static Tensor Hidden(HiddenLayers hidden, Tensor rows)
        => hidden.Layers.Aggregate(rows, (h, layer) => hidden.Nonlinearity.Of(layer.Bias.addmm(h, layer.Weight.t())));

    private static Tensor Untied(UntiedRnn rnn, Tensor x)
    {
        var (h, all) = (rnn.ZeroState(B), new Tensor[T]);
        for (var t = 0; t < T; t++)
            all[t] = h = rnn.Nonlinearity.Of(
                rnn.BiasIh!.select(0, t).addmm(x.select(0, t), rnn.WeightIh.select(0, t).t()) + rnn.BiasHh!.select(0, t).addmm(h, rnn.WeightHh.select(0, t).t()));
        return stack(all);
    }

    private Tensor Read(Tensor own)
    {
        if (Model.Readout == Readout.Mean)
            return own.mean([0]);
        if (Model.Readout == Readout.Maximum)
            return own.max(0).values;
        var (first, parts) = (0L, new List<Tensor>());
        foreach (var part in Model.Core.Parts)
        {
            parts.Add(own.select(0, part.Reverse ? 0 : own.shape[0] - 1).narrow(0, first, part.Width));
            first += part.Width;
        }
        return cat(parts, 0);
    }

    private Tensor Loss(Tensor logits, Tensor target) => Model.Shape.Target.Kind switch
    {
        ValueKind.Tokens => logits.log_softmax(0).select(0, target.item<long>()).neg(),
        ValueKind.Reals => (logits - target).square().mean(),
        _ => -(target * logits.sigmoid().log() + (1 - target) * (1 - logits.sigmoid()).log()).sum(),
    };
}
