namespace RnnLab.Models;

/// <summary>Sequences that a <see cref="SequenceCore"/> has run over. One backward uses it up.</summary>
public abstract class CorePass : IDisposable
{
    private readonly bool _recorded;
    private bool _spent;

    /// <summary>A pass with the given outputs.</summary>
    /// <param name="output">(T, B, O), the pass's own from now on.</param>
    /// <param name="recorded">Whether it can be gone back through.</param>
    protected CorePass(Tensor output, bool recorded)
    {
        ArgumentNullException.ThrowIfNull(output);
        (Output, _recorded) = (output.DetachFromDisposeScope(), recorded);
    }

    /// <summary>The outputs (T, B, O), 0 beyond a sequence's end; the pass's own.</summary>
    public Tensor Output { get; }

    /// <summary>Adds the gradients of all parameters.</summary>
    /// <param name="dOutput">∂L/∂output, (T, B, O); what it holds for padding counts for nothing.</param>
    /// <param name="wantInput">Whether ∂L/∂x is asked for.</param>
    /// <returns>∂L/∂x (T, B, I), 0 for padding, or null.</returns>
    /// <exception cref="InvalidOperationException">Nothing was recorded, or the pass is used up.</exception>
    public Tensor? Backward(Tensor dOutput, bool wantInput)
    {
        if (_spent || !_recorded)
            throw new InvalidOperationException(_spent ? "this pass has been gone back through or disposed; run the forward again" : "this pass was run without a record");
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var dx = GoBack(dOutput, wantInput)?.MoveToOuterDisposeScope();
        Dispose();
        return dx;
    }

    /// <summary>Frees what it holds.</summary>
    public void Dispose()
    {
        _spent = true;
        Output.Dispose();
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary><see cref="Backward"/>, in a dispose scope.</summary>
    protected abstract Tensor? GoBack(Tensor dOutput, bool wantInput);

    /// <summary>Frees what the backward would have needed.</summary>
    protected abstract void Free();
}
