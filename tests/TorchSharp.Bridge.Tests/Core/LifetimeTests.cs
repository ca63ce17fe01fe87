using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Bridge.Tests.Core;

public sealed class LifetimeTests
{
    [Fact]
    public void Finalizers_free_what_was_forgotten()
    {
        Forget(10_000);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.InRange(Environment.WorkingSet, 0, 4L << 30);
        Expect.Values(ones(1), 1);

        // Ten thousand tensors of 1 MB: 10 GB if none were freed.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget(int count)
        {
            for (var i = 0; i < count; i++)
            {
                _ = ones(1 << 18);
                if (i % 500 == 0)
                {
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                }
            }
        }
    }

    [Fact]
    public void A_view_keeps_the_memory_of_a_disposed_base()
    {
        var whole = arange(1000).@double();
        var part = whole.narrow(0, 990, 10);
        whole.Dispose();
        Assert.Equal(999, part[9].item<double>());
    }

    [Fact]
    public void Many_threads_may_create_and_dispose_at_once()
    {
        Parallel.For(0, 16, _ =>
        {
            for (var i = 0; i < 300; i++)
            {
                using var scope = NewDisposeScope();
                var x = ones(8, 8, requires_grad: true);
                var loss = (x.mm(x) * i).sum();
                loss.backward();
                Assert.Equal(512.0 * i, loss.ToDouble());
            }
        });
    }

    [Fact]
    public void A_tensor_disposed_by_many_threads_is_freed_once()
    {
        for (var i = 0; i < 200; i++)
        {
            var t = zeros(4);
            var view = t.alias();
            Parallel.For(0, 4, _ => t.Dispose());
            Assert.True(t.IsInvalid);
            Expect.Values(view, 0, 0, 0, 0);
        }
    }

    [Fact]
    public void Threads_within_an_operator_can_be_set()
    {
        var before = get_num_threads();
        set_num_threads(2);
        Assert.Equal(2, get_num_threads());
        set_num_threads(1);
        Assert.Equal(1, get_num_threads());
        set_num_threads(before);
    }

    [Fact]
    public void Cuda_is_either_there_or_refused()
    {
        Assert.Equal(cuda.is_available(), cuda.device_count() > 0);
        if (!cuda.is_available())
        {
            Assert.Throws<InvalidOperationException>(() => device("cuda"));
            Assert.Throws<InvalidOperationException>(() => zeros(1, device: new Device("cuda:0")));
        }
    }

    [Fact]
    public void The_default_type_is_Float32()
    {
        Assert.Equal(ScalarType.Float32, get_default_dtype());
    }

    [Fact]
    public void TF32_can_be_allowed_and_forbidden()
    {
        var (matmul, cudnn) = (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32);
        backends.cuda.matmul.allow_tf32 = !matmul;
        Assert.Equal((!matmul, cudnn), (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32));
        backends.cudnn.allow_tf32 = !cudnn;
        Assert.Equal((!matmul, !cudnn), (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32));
        backends.cuda.matmul.allow_tf32 = matmul;
        backends.cudnn.allow_tf32 = cudnn;
    }
}
