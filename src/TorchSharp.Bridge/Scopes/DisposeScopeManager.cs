namespace TorchSharp;

/// <summary>A thread's stack of dispose scopes and the counts of what it created and disposed.</summary>
public class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? threadSingleton;

    private readonly ThreadDisposeScopeStatistics statistics = new();

    public static ThreadDisposeScopeStatistics Statistics => ThreadSingleton.statistics;

    internal static DisposeScopeManager ThreadSingleton => threadSingleton ??= new DisposeScopeManager();

    internal DisposeScope? Current { get; private set; }

    internal DisposeScope Push() => Current = new DisposeScope(this, Current);

    /// <summary>The counts of a disposable's kind.</summary>
    internal LifetimeStatistics CountsOf(IDisposable disposable) =>
        disposable is torch.Tensor ? statistics.TensorStatistics : statistics.PackedSequenceStatistics;

    internal DisposeScope? Register(IDisposable disposable)
    {
        var counts = CountsOf(disposable);
        if (Current is not { } scope)
        {
            counts.CreatedOutsideScopeCount++;
            return null;
        }
        counts.CreatedInScopeCount++;
        scope.Held.Add(disposable);
        return scope;
    }

    internal void CountDisposal(IDisposable disposable, DisposeScope? owner)
    {
        var counts = CountsOf(disposable);
        if (owner is null)
        {
            counts.DisposedOutsideScopeCount++;
        }
        else
        {
            counts.DisposedInScopeCount++;
        }
    }

    /// <summary>Takes a scope off the stack; one that is not on top is taken out of the middle.</summary>
    internal void Remove(DisposeScope scope)
    {
        if (ReferenceEquals(Current, scope))
        {
            Current = scope.Outer;
            return;
        }
        for (var inner = Current; inner is not null; inner = inner.Outer)
        {
            if (ReferenceEquals(inner.Outer, scope))
            {
                inner.Outer = scope.Outer;
                return;
            }
        }
    }
}
