namespace TorchSharp;

/// <summary>Holds the tensors that its thread creates while it is the innermost scope, and disposes them with itself.</summary>
public sealed partial class DisposeScope : IDisposable
{
    private DisposeScopeManager? manager;

    internal DisposeScope(DisposeScopeManager manager, DisposeScope? outer)
    {
        this.manager = manager;
        Outer = outer;
    }

    /// <summary>What the scope holds now, as a copy.</summary>
    public IReadOnlyList<IDisposable> DisposablesView
    {
        get
        {
            Manager();
            return Held.ToArray();
        }
    }

    public int DisposablesCount
    {
        get
        {
            Manager();
            return Held.Count;
        }
    }

    internal DisposeScope? Outer { get; set; }

    internal HashSet<IDisposable> Held { get; private set; } = new(ReferenceEqualityComparer.Instance);

    public bool Contains(IDisposable disposable) => Held.Contains(disposable);

    /// <summary>Puts tensors into this scope, out of the one that held them.</summary>
    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        var tensors = Manager().Tensors;
        var all = disposables.ToArray();
        foreach (var disposable in all)
        {
            if (Add(disposable))
            {
                tensors.AttachedToScopeCount++;
            }
        }
        return all;
    }

    /// <summary>Takes tensors out of this scope and of all others.</summary>
    public void Detach(IEnumerable<IDisposable> disposables)
    {
        var tensors = Manager().Tensors;
        foreach (var disposable in disposables)
        {
            if (Held.Remove(disposable) && disposable is torch.Tensor tensor)
            {
                tensors.DetachedFromScopeCount++;
                tensor.OwningDisposeScope = null;
            }
        }
    }

    /// <summary>Moves what this scope holds of the given to <paramref name="scope"/>; without one, out of all scopes.</summary>
    public void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables)
    {
        Manager();
        if (scope is null)
        {
            Detach(disposables);
            return;
        }
        foreach (var disposable in disposables)
        {
            if (Held.Remove(disposable))
            {
                scope.Add(disposable);
            }
        }
    }

    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(Outer, disposables);

    public void DisposeEverything() => DisposeEverythingBut([]);

    /// <summary>Disposes what the scope holds, except the given, which it goes on holding.</summary>
    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        Manager();
        var before = Held;
        Held = new HashSet<IDisposable>(inKeep, ReferenceEqualityComparer.Instance);
        foreach (var disposable in before)
        {
            if (!Held.Contains(disposable))
            {
                disposable.Dispose();
            }
        }
    }

    public void Dispose()
    {
        if (manager is null)
        {
            return;
        }
        DisposeEverything();
        manager.Remove(this);
        manager = null;
    }

    /// <summary>Tells the scope that something it holds was disposed elsewhere.</summary>
    public void MarkAsDisposed(IDisposable disposable)
    {
        Manager();
        Held.Remove(disposable);
        if (disposable is torch.Tensor tensor)
        {
            tensor.OwningDisposeScope = null;
        }
    }

    /// <summary>Lets one tensor take another's place in the scope that holds it.</summary>
    internal static void ReplaceWith(torch.Tensor original, torch.Tensor replacement)
    {
        if (original.OwningDisposeScope is { } scope && scope.Held.Remove(original))
        {
            original.OwningDisposeScope = null;
            scope.Add(replacement);
        }
    }

    private DisposeScopeManager Manager() => manager ?? throw new ObjectDisposedException(nameof(DisposeScope));

    private bool Add(IDisposable disposable)
    {
        if (disposable is not torch.Tensor tensor)
        {
            throw new InvalidOperationException("DisposeScope can only manage Tensor or PackedSequence");
        }
        var before = tensor.OwningDisposeScope;
        if (ReferenceEquals(before, this))
        {
            return false;
        }
        Held.Add(tensor);
        before?.Held.Remove(tensor);
        tensor.OwningDisposeScope = this;
        return true;
    }
}
