namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor : IDisposable
    {
        private static long totalCount;
        private static long peakCount;

        private nint handle;

        /// <summary>
        /// Takes ownership of a native handle and registers the tensor with the thread's current dispose scope. Zero
        /// makes an invalid tensor, which counts nowhere.
        /// </summary>
        internal Tensor(nint handle, bool register = true)
        {
            this.handle = handle;
            if (handle == 0)
            {
                return;
            }
            CountOneMore();
            if (register)
            {
                OwningDisposeScope = DisposeScopeManager.ThreadSingleton.Register(this);
            }
        }

        ~Tensor() => Dispose(false);

        /// <summary>How many tensors are alive in this process.</summary>
        public static long TotalCount => Interlocked.Read(ref totalCount);

        /// <summary>The most tensors that were ever alive at once.</summary>
        public static long PeakCount => Interlocked.Read(ref peakCount);

        internal DisposeScope? OwningDisposeScope { get; set; }

        public bool IsInvalid => handle == 0;

        /// <summary>The native tensor; throws <see cref="InvalidOperationException"/> after disposal.</summary>
        public nint Handle
        {
            get
            {
                var current = handle;
                return current != 0 ? current : throw new InvalidOperationException("Tensor invalid -- empty handle.");
            }
        }

        public static Tensor UnsafeCreateTensor(nint handle) => new(handle);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var taken = Interlocked.Exchange(ref handle, 0);
            if (taken == 0)
            {
                return;
            }
            Interlocked.Decrement(ref totalCount);
            if (disposing)
            {
                DisposeScopeManager.ThreadSingleton.CountDisposal(this, OwningDisposeScope);
                OwningDisposeScope?.MarkAsDisposed(this);
            }
            NativeMethods.Release(taken);
        }

        /// <summary>Gives the native handle away: the caller must release it.</summary>
        public nint DecoupleFromNativeHandle()
        {
            GC.SuppressFinalize(this);
            var taken = Interlocked.Exchange(ref handle, 0);
            if (taken == 0)
            {
                throw new InvalidOperationException("Tensor invalid -- empty handle.");
            }
            Interlocked.Decrement(ref totalCount);
            return taken;
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is { } owner)
            {
                owner.MoveToOther(other, this);
            }
            else
            {
                other?.Attach(this);
            }
            return this;
        }

        private static void CountOneMore()
        {
            var now = Interlocked.Increment(ref totalCount);
            var peak = Interlocked.Read(ref peakCount);
            while (now > peak)
            {
                var seen = Interlocked.CompareExchange(ref peakCount, now, peak);
                if (seen == peak)
                {
                    return;
                }
                peak = seen;
            }
        }
    }
}
