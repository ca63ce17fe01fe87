using RnnLab.Layers;
using RnnLab.Recurrence;

namespace RnnLab.Models;

/// <summary>A language model's window in flight: what its backward needs.</summary>
/// <param name="model">The model.</param>
/// <param name="ids">The tokens that were fed, (T, B); this object's own.</param>
/// <param name="h">The recurrence's outputs (T, B, O); this object's own.</param>
/// <param name="tape">The recurrence's steps; this object's own.</param>
internal sealed class LanguageModelWindow(LanguageModel model, Tensor ids, Tensor h, IWindowTape tape) : IWindow
{
    private Tensor? _p, _targets;
    private bool _spent;

    /// <summary>The tokens that were fed, (T, B).</summary>
    public Tensor Ids => ids;

    private long Skipped => h.shape[0] - _targets!.shape[0];

    /// <inheritdoc/>
    public Tensor Loss(Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        RequireUnspent();
        if (targets.shape.Length != 2 || targets.shape[0] > h.shape[0] || targets.shape[1] != h.shape[1])
            throw new ArgumentException($"targets are ({string.Join(", ", targets.shape)}), the window ({h.shape[0]}, {h.shape[1]})", nameof(targets));
        using var scope = NewDisposeScope();
        _targets?.Dispose();
        _p?.Dispose();
        _targets = targets.alias().DetachFromDisposeScope();
        var rows = SoftmaxCrossEntropy.Forward(model.Head.Forward(Scored()), targets.reshape(-1), out _p);
        _p.DetachFromDisposeScope();
        return rows.sum().mul_(Scale()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Backward()
    {
        RequireUnspent();
        if (_p is null || _targets is null)
            throw new InvalidOperationException("compute the loss before its backward");
        using var scope = NewDisposeScope();
        var (T, B, H) = (h.shape[0], h.shape[1], h.shape[2]);
        var dlogits = SoftmaxCrossEntropy.Backward(_p, _targets.reshape(-1), Scale());
        var dh = model.Head.Backward(Scored(), dlogits).view(T - Skipped, B, H);
        if (Skipped > 0)
            dh = cat([zeros([Skipped, B, H], h.dtype, h.device), dh], 0);
        if (tape.Backward(dh, model.Input.HasParameters) is { } dx)
            model.Input.Backward(ids, dx);
        Dispose();
    }

    /// <inheritdoc/>
    public RecurrentState StateBefore(int t)
    {
        RequireUnspent();
        return tape.StateBefore(t);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _spent = true;
        tape.Dispose();
        ids.Dispose();
        h.Dispose();
        _p?.Dispose();
        _targets?.Dispose();
    }

    private void RequireUnspent()
    {
        if (_spent)
            throw new InvalidOperationException("this window has been gone back through or disposed; run the forward again");
    }

    /// <summary>The outputs that the loss looks at, as rows.</summary>
    private Tensor Scored() => h.narrow(0, Skipped, h.shape[0] - Skipped).reshape(-1, h.shape[2]);

    private double Scale() => model.LossScale(_targets!.shape[0]) / (_targets.shape[0] * _targets.shape[1]);
}
