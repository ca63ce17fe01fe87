namespace TorchSharp;

/// <summary>Holds the tensors and packed sequences that its thread creates while it is the innermost scope, and disposes them with itself.</summary>
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

    /// <summary>Puts tensors and packed sequences into this scope, out of the one that held them.</summary>
    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        var own = Manager();
        var all = disposables.ToArray();
        foreach (var disposable in all)
        {
            if (Add(disposable))
            {
                own.CountsOf(disposable).AttachedToScopeCount++;
            }
        }
        return all;
    }

    /// <summary>Takes tensors and packed sequences out of this scope and of all others.</summary>
    public void Detach(IEnumerable<IDisposable> disposables)
    {
        var own = Manager();
        foreach (var disposable in disposables)
        {
            if (Held.Remove(disposable))
            {
                own.CountsOf(disposable).DetachedFromScopeCount++;
                SetOwner(disposable, null);
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
        SetOwner(disposable, null);
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
        var before = disposable switch
        {
            torch.Tensor tensor => tensor.OwningDisposeScope,
            torch.nn.utils.rnn.PackedSequence sequence => sequence.OwningDisposeScope,
            _ => throw new InvalidOperationException("DisposeScope can only manage Tensor or PackedSequence"),
        };
        if (ReferenceEquals(before, this))
        {
            return false;
        }
        Held.Add(disposable);
        before?.Held.Remove(disposable);
        SetOwner(disposable, this);
        return true;
    }

    private static void SetOwner(IDisposable disposable, DisposeScope? owner)
    {
        switch (disposable)
        {
            case torch.Tensor tensor:
                tensor.OwningDisposeScope = owner;
                break;
            case torch.nn.utils.rnn.PackedSequence sequence:
                sequence.OwningDisposeScope = owner;
                break;
        }
    }
}
