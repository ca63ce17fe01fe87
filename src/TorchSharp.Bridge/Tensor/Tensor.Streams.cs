namespace TorchSharp;

public static partial class torch
{
    /// <content>The elements' bytes to and from streams; for contiguous CPU tensors of any size.</content>
    public partial class Tensor
    {
        public unsafe void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            var left = RequirePlainMemory();
            for (var next = (byte*)DataPointer; left > 0;)
            {
                var size = (int)Math.Min(left, bufferSize);
                stream.Write(new ReadOnlySpan<byte>(next, size));
                next += size;
                left -= size;
            }
            GC.KeepAlive(this);
        }

        public unsafe void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            var left = RequirePlainMemory();
            for (var next = (byte*)DataPointer; left > 0;)
            {
                var size = (int)Math.Min(left, bufferSize);
                stream.ReadExactly(new Span<byte>(next, size));
                next += size;
                left -= size;
            }
            GC.KeepAlive(this);
        }

        private long RequirePlainMemory()
        {
            var info = Info;
            if (info.Contiguous == 0)
            {
                throw new InvalidOperationException("Bytes() called on non-contiguous tensor.");
            }
            if (info.DeviceType != (int)DeviceType.CPU)
            {
                throw new InvalidOperationException(
                    "Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
            }
            return info.Elements * info.ElementSize;
        }
    }
}
