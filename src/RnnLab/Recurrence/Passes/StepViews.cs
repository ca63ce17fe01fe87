namespace RnnLab.Recurrence.Passes;

/// <summary>The views of a layer's weights that all single steps of a pass use: made once, and of no dispose scope.</summary>
internal sealed class StepViews : IDisposable
{
    private readonly IDisposable[] _made;

    public StepViews(ReferenceStep step)
    {
        using var scope = NewDisposeScope();
        (Product, InputWeight) = (step.Product(), step.InputWeight());
        _made = [.. scope.DisposablesView];
        scope.Detach(_made);
    }

    /// <summary>The recurrent products.</summary>
    public RecurrentProduct Product { get; }

    /// <summary>W_ihᵀ.</summary>
    public Tensor InputWeight { get; }

    public void Dispose()
    {
        foreach (var view in _made)
            view.Dispose();
    }
}
