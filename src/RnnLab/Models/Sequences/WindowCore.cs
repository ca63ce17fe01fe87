using RnnLab.Layers;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Sequences;

namespace RnnLab.Models;

/// <summary>
/// A feedforward net on the last τ inputs: y_t = net([x_{t-τ+1}; … ; x_t]), with zeros before the start of a sequence: the autoregressive model of a fixed window.
/// With τ = 1 it is memoryless, a net on x_t alone. It is what a recurrence is measured against.
/// </summary>
public sealed class WindowCore : SequenceCore
{
    private readonly HiddenLayers _hidden;

    /// <summary>A core over the given layers.</summary>
    /// <param name="hidden">The layers, whose input is τ·I wide.</param>
    /// <param name="windowSize">τ, at least 1.</param>
    /// <exception cref="ArgumentException">The layers' input is no multiple of τ.</exception>
    public WindowCore(HiddenLayers hidden, int windowSize = 1)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(windowSize);
        if (hidden.InputSize % windowSize != 0)
            throw new ArgumentException($"the layers take {hidden.InputSize} numbers, which a window of {windowSize} steps does not divide", nameof(hidden));
        (_hidden, WindowSize) = (hidden, windowSize);
    }

    /// <summary>τ.</summary>
    public int WindowSize { get; }

    /// <summary>The layers.</summary>
    public HiddenLayers Hidden => _hidden;

    /// <inheritdoc/>
    public override string Name => "hidden";

    /// <inheritdoc/>
    public override PlacedModule Module => _hidden;

    /// <inheritdoc/>
    public override long InputSize => _hidden.InputSize / WindowSize;

    /// <inheritdoc/>
    public override long OutputSize => _hidden.HiddenSize;

    /// <inheritdoc/>
    public override CorePass Run(Tensor x, SequenceOptions options, bool record)
    {
        RequireInput(x);
        ArgumentNullException.ThrowIfNull(options);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var rows = BatchRows.Of(x, options.Lengths);
        // A sequence's own windows hold none of its padding, so the rows are free of it.
        var h = _hidden.Forward(rows.ToRows(Windows(x)));
        var output = rows.ToPadded(h[^1]).alias();
        return new Pass(this, output, rows, record ? [.. h.Select(layer => layer.DetachFromDisposeScope())] : null);
    }

    /// <inheritdoc/>
    public override CoreContinuation Continue(Tensor history)
    {
        RequireInput(history);
        using var scope = NewDisposeScope();
        return new Continuation(_hidden, Before(history).narrow(0, history.shape[0] - 1, WindowSize));
    }

    /// <summary>(T, B, τ·I): at each step the last τ inputs, the oldest first.</summary>
    private Tensor Windows(Tensor x)
    {
        if (WindowSize == 1)
            return x;
        var padded = Before(x);
        return cat([.. Enumerable.Range(0, WindowSize).Select(first => padded.narrow(0, first, x.shape[0]))], 2);
    }

    /// <summary>The adjoint of <see cref="Windows"/>.</summary>
    private Tensor FromWindows(Tensor dWindows)
    {
        if (WindowSize == 1)
            return dWindows;
        var (T, B) = (dWindows.shape[0], dWindows.shape[1]);
        var dPadded = zeros([T + WindowSize - 1, B, InputSize], dWindows.dtype, dWindows.device);
        for (var first = 0; first < WindowSize; first++)
            dPadded.narrow(0, first, T).add_(dWindows.narrow(2, first * InputSize, InputSize));
        return dPadded.narrow(0, WindowSize - 1, T).contiguous();
    }

    /// <summary>τ − 1 zeros, then x.</summary>
    private Tensor Before(Tensor x) => cat([zeros([WindowSize - 1, x.shape[1], InputSize], x.dtype, x.device), x], 0);

    private sealed class Pass(WindowCore core, Tensor output, BatchRows rows, Tensor[]? h) : CorePass(output, h is not null)
    {
        protected override Tensor? GoBack(Tensor dOutput, bool wantInput)
        {
            var dWindows = core._hidden.Backward(h!, rows.ToRows(dOutput));
            return wantInput ? core.FromWindows(rows.ToPadded(dWindows)) : null;
        }

        protected override void Free()
        {
            foreach (var layer in h ?? [])
                layer.Dispose();
        }
    }

    private sealed class Continuation : CoreContinuation
    {
        private readonly HiddenLayers _hidden;
        private Tensor _window, _output;

        /// <param name="hidden">The layers.</param>
        /// <param name="window">The last τ inputs, (τ, B, I).</param>
        public Continuation(HiddenLayers hidden, Tensor window) => (_hidden, _window, _output) = (hidden, Kept(window), Said(hidden, window));

        public override Tensor Output => _output;

        public override void Step(Tensor x)
        {
            using var scope = NewDisposeScope();
            var window = cat([_window.narrow(0, 1, _window.shape[0] - 1), x.unsqueeze(0)], 0);
            var output = Said(_hidden, window);
            Dispose();
            (_window, _output) = (Kept(window), output);
        }

        public override void Dispose()
        {
            _window.Dispose();
            _output.Dispose();
        }

        private static Tensor Said(HiddenLayers hidden, Tensor window)
        {
            using var scope = NewDisposeScope();
            return hidden.Forward(window.transpose(0, 1).reshape(window.shape[1], -1))[^1].DetachFromDisposeScope();
        }

        private static Tensor Kept(Tensor tensor) => tensor.alias().DetachFromDisposeScope();
    }
}
