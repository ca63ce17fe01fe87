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

    internal LifetimeStatistics Tensors => statistics.TensorStatistics;

    internal DisposeScope Push() => Current = new DisposeScope(this, Current);

    internal DisposeScope? Register(torch.Tensor tensor)
    {
        if (Current is not { } scope)
        {
            Tensors.CreatedOutsideScopeCount++;
            return null;
        }
        Tensors.CreatedInScopeCount++;
        scope.Held.Add(tensor);
        return scope;
    }

    internal void CountDisposal(torch.Tensor tensor)
    {
        if (tensor.OwningDisposeScope is null)
        {
            Tensors.DisposedOutsideScopeCount++;
        }
        else
        {
            Tensors.DisposedInScopeCount++;
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
