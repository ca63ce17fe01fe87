using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Recurrence;
using RnnLab.Tasks;

namespace RnnLab.Models;

/// <summary>Makes a model's parts from its settings.</summary>
internal static class SequenceModelParts
{
    public static SequenceModel Model(TaskShape shape, SequenceModelSettings settings, ulong seed, ScalarType dtype, Device device)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(settings);
        Require(shape, settings);
        var range = settings.Initialization?.Range;
        TokenInput? input = shape.Input.Kind != ValueKind.Tokens ? null
            : settings.EmbeddingSize is { } width ? new Embedding(shape.Input.Size, width, seed, range, dtype, device)
            : new OneHot(shape.Input.Size, dtype);
        var core = Core(settings, input?.Width ?? shape.Input.Size, seed, dtype, device);
        return new(shape, input, core, ReadoutOf(shape, settings, core), new Linear(core.OutputSize, shape.Target.Size, seed, range: range, dtype: dtype, device: device));
    }

    private static SequenceCore Core(SequenceModelSettings s, long inputSize, ulong seed, ScalarType dtype, Device device)
    {
        switch (s.Kind)
        {
            case SequenceModelKind.Recurrent:
                return new RecurrentCore(
                    RecurrentStack.Create(
                        s.NewCell!, inputSize, s.Layers, s.Dropout, s.Initialization, seed, s.Bias, dtype, device, s.Bidirectional, s.Regularization, s.Connection,
                        s.LockedDropout),
                    s.TapeMemory);
            case SequenceModelKind.Untied:
                return new UntiedCore(
                    new UntiedRnn(s.UntiedSteps!.Value, inputSize, s.HiddenSize!.Value, s.Nonlinearity ?? Nonlinearity.Tanh, seed, s.Bias, dtype, device));
            default:
                var steps = s.WindowSize ?? 1;
                return new WindowCore(new HiddenLayers(steps * inputSize, s.HiddenSize!.Value, s.Layers, s.Nonlinearity ?? Nonlinearity.Tanh, seed, dtype, device), steps);
        }
    }

    private static Readout ReadoutOf(TaskShape shape, SequenceModelSettings settings, SequenceCore core)
        => shape.Place == TargetPlace.EachStep ? Readout.EachStep : settings.Readout switch
        {
            SequenceReadout.Mean => Readout.Mean,
            SequenceReadout.Max => Readout.Maximum,
            _ => Readout.Last(core.Parts),
        };

    private static void Require(TaskShape shape, SequenceModelSettings s)
    {
        var (recurrent, untied, window) = (s.Kind == SequenceModelKind.Recurrent, s.Kind == SequenceModelKind.Untied, s.Kind == SequenceModelKind.Window);
        Needs(recurrent, s.NewCell is not null, "cell");
        Needs(!recurrent, s.HiddenSize is not null, "hidden_size");
        Needs(window, s.WindowSize is not null, "window_size");
        Needs(untied, s.UntiedSteps is not null, "untied_steps");
        Only(recurrent, s.Bidirectional, "bidirectional");
        Only(recurrent, s.Dropout != 0, "dropout");
        Only(recurrent, s.LockedDropout, "locked_dropout");
        Only(recurrent, s.Initialization is not null, "init");
        Only(recurrent, s.Regularization is not null && s.Regularization != RecurrentRegularization.None, "regularization");
        Only(recurrent, s.Connection != StackConnection.None, "connection");
        Only(recurrent, s.TapeMemory is not null, "tape_memory");
        Only(!recurrent, s.Nonlinearity is not null, "nonlinearity");
        Only(recurrent || untied, !s.Bias, "bias");
        Positive(s.Layers, "num_layers");
        Positive(s.HiddenSize, "hidden_size");
        Positive(s.WindowSize, "window_size");
        Positive(s.UntiedSteps, "untied_steps");
        Positive(s.EmbeddingSize, "embedding_size");
        if (untied && s.Layers != 1)
            throw new ArgumentException($"num_layers: a recurrence with weights of its own at each step has one layer, not {s.Layers}");
        if (s.EmbeddingSize is not null && shape.Input.Kind != ValueKind.Tokens)
            throw new ArgumentException($"embedding_size: inputs are {shape.Input.Kind}, and only tokens are embedded");
        if (s.Readout is not null && shape.Place == TargetPlace.EachStep)
            throw new ArgumentException("readout: there is a target at each step, which is told from that step's output");

        void Needs(bool kindHasIt, bool given, string setting)
        {
            if (kindHasIt && !given)
                throw new ArgumentException($"{setting}: a model of kind {Word(s.Kind)} needs it");
            Only(kindHasIt, given, setting);
        }

        void Only(bool kindHasIt, bool given, string setting)
        {
            if (given && !kindHasIt)
                throw new ArgumentException($"{setting}: a model of kind {Word(s.Kind)} has none");
        }
    }

    private static void Positive(int? value, string setting)
    {
        if (value <= 0)
            throw new ArgumentException($"{setting}: {value} is not positive");
    }

    private static string Word(SequenceModelKind kind) => kind.ToString().ToLowerInvariant();
}
