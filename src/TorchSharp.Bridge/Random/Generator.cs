namespace TorchSharp;

public static partial class torch
{
    /// <summary>A stream of random numbers.</summary>
    public class Generator : IDisposable
    {
        private nint handle;

        public Generator(ulong seed = 0, Device? device = null)
        {
            this.device = device ?? CPU;
            NativeError.Check(NativeMethods.GeneratorNew(seed, (int)this.device.type, this.device.index, out handle));
        }

        private Generator(nint handle)
        {
            this.handle = handle;
            device = CPU;
        }

        ~Generator() => Dispose(false);

        /// <summary>A handle to the CPU's own generator, from which operators draw unless told otherwise.</summary>
        public static Generator Default
        {
            get
            {
                NativeError.Check(NativeMethods.GeneratorDefault(out var generator));
                return new Generator(generator);
            }
        }

        public nint Handle => handle != 0 ? handle : throw new ObjectDisposedException(nameof(Generator));

        public Device device { get; }

        public Generator manual_seed(long seed)
        {
            NativeError.Check(NativeMethods.GeneratorSeed(Handle, (ulong)seed));
            GC.KeepAlive(this);
            return this;
        }

        /// <summary>Seeds from the clock and returns the seed.</summary>
        public long seed()
        {
            var ticks = DateTime.UtcNow.Ticks;
            manual_seed(ticks);
            return ticks;
        }

        public long initial_seed()
        {
            NativeError.Check(NativeMethods.GeneratorInitialSeed(Handle, out var seed));
            GC.KeepAlive(this);
            return (long)seed;
        }

        /// <summary>The whole state, as a tensor of bytes that <see cref="set_state"/> takes.</summary>
        public Tensor get_state()
        {
            NativeError.Check(NativeMethods.GeneratorState(Handle, out var state));
            GC.KeepAlive(this);
            return new Tensor(state);
        }

        public void set_state(Tensor value)
        {
            NativeError.Check(NativeMethods.GeneratorSetState(Handle, value.Handle));
            GC.KeepAlive(this);
            GC.KeepAlive(value);
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var taken = Interlocked.Exchange(ref handle, 0);
            if (taken != 0)
            {
                NativeMethods.GeneratorRelease(taken);
            }
        }
    }
}
