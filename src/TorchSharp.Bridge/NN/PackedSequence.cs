namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            public static partial class rnn
            {
                /// <summary>
                /// Sequences of several lengths without their padding, the longest first. A dispose scope holds it as one thing:
                /// its tensors go with it.
                /// </summary>
                public sealed class PackedSequence : IDisposable
                {
                    /// <summary>All steps, one time after the other: (lengths' sum, *).</summary>
                    public readonly Tensor data;

                    /// <summary>How many sequences have a step at each time: (T), int64, on the CPU.</summary>
                    public readonly Tensor batch_sizes;

                    /// <summary>The order by length, from the caller's order; an invalid tensor where the caller's is that order.</summary>
                    public readonly Tensor sorted_indices;

                    /// <summary>The caller's order, from the order by length; an invalid tensor where they are the same.</summary>
                    public readonly Tensor unsorted_indices;

                    private DisposeScope? owner;
                    private int disposed;

                    internal PackedSequence(Tensor data, Tensor batchSizes, Tensor sortedIndices, Tensor unsortedIndices)
                    {
                        this.data = data.DetachFromDisposeScope();
                        batch_sizes = batchSizes.DetachFromDisposeScope();
                        sorted_indices = sortedIndices.DetachFromDisposeScope();
                        unsorted_indices = unsortedIndices.DetachFromDisposeScope();
                        OwningDisposeScope = DisposeScopeManager.ThreadSingleton.Register(this);
                    }

                    internal DisposeScope? OwningDisposeScope
                    {
                        get => owner;
                        set
                        {
                            owner = value;
                            data.OwningDisposeScope = value;
                            batch_sizes.OwningDisposeScope = value;
                            sorted_indices.OwningDisposeScope = value;
                            unsorted_indices.OwningDisposeScope = value;
                        }
                    }

                    /// <summary>The same lengths and order over other data.</summary>
                    internal PackedSequence With(Tensor other) =>
                        new(other, Share(batch_sizes), Share(sorted_indices), Share(unsorted_indices));

                    public PackedSequence MoveToOuterDisposeScope()
                    {
                        OwningDisposeScope?.MoveToOuter(this);
                        return this;
                    }

                    public PackedSequence DetachFromDisposeScope()
                    {
                        OwningDisposeScope?.Detach(this);
                        return this;
                    }

                    public PackedSequence MoveToOtherDisposeScope(PackedSequence other) =>
                        MoveToOtherDisposeScope(other.OwningDisposeScope);

                    public PackedSequence MoveToOtherDisposeScope(DisposeScope? other)
                    {
                        if (OwningDisposeScope is { } scope)
                        {
                            scope.MoveToOther(other, this);
                        }
                        else
                        {
                            other?.Attach(this);
                        }
                        return this;
                    }

                    public void Dispose()
                    {
                        if (Interlocked.Exchange(ref disposed, 1) != 0)
                        {
                            return;
                        }
                        data.Dispose();
                        batch_sizes.Dispose();
                        sorted_indices.Dispose();
                        unsorted_indices.Dispose();
                        DisposeScopeManager.ThreadSingleton.CountDisposal(this, OwningDisposeScope);
                        OwningDisposeScope?.MarkAsDisposed(this);
                    }

                    private static Tensor Share(Tensor tensor) =>
                        tensor.IsInvalid ? new Tensor(0) : new Tensor(NativeMethods.Retain(tensor.Handle));
                }
            }
        }
    }
}
