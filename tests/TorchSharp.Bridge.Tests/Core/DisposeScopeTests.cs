using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Bridge.Tests.Core;

public sealed class DisposeScopeTests
{
    [Fact]
    public void A_scope_disposes_what_was_created_within()
    {
        Tensor inside;
        var before = zeros(1);
        using (var scope = NewDisposeScope())
        {
            inside = zeros(1) + 1;
            Assert.Equal(2, scope.DisposablesCount);
            Assert.True(scope.Contains(inside));
            Assert.Same(scope, CurrentDisposeScope);
        }
        Assert.True(inside.IsInvalid);
        Assert.False(before.IsInvalid);
        Assert.Null(CurrentDisposeScope);
    }

    [Fact]
    public void A_moved_tensor_goes_to_the_outer_scope()
    {
        using var outer = NewDisposeScope();
        Tensor kept;
        using (NewDisposeScope())
        {
            kept = zeros(1).MoveToOuterDisposeScope();
        }
        Assert.False(kept.IsInvalid);
        Assert.True(outer.Contains(kept));
        outer.Dispose();
        Assert.True(kept.IsInvalid);
    }

    [Fact]
    public void A_detached_tensor_outlives_every_scope()
    {
        Tensor free;
        using (NewDisposeScope())
        {
            using (NewDisposeScope())
            {
                free = zeros(1).DetachFromDisposeScope();
            }
        }
        Assert.False(free.IsInvalid);
        free.Dispose();
    }

    [Fact]
    public void A_tensor_can_be_attached_and_moved_between_scopes()
    {
        var t = zeros(1);
        using var first = NewDisposeScope();
        first.Attach(t);
        var second = NewDisposeScope();
        t.MoveToOtherDisposeScope(second);
        Assert.False(first.Contains(t));
        Assert.True(second.Contains(t));
        var companion = zeros(1);
        first.Attach(companion);
        t.MoveToOtherDisposeScope(companion);
        second.Dispose();
        Assert.False(t.IsInvalid);
        first.Dispose();
        Assert.True(t.IsInvalid);
    }

    [Fact]
    public void Everything_but_the_named_is_disposed()
    {
        using var scope = NewDisposeScope();
        var (a, b, c) = (zeros(1), zeros(1), zeros(1));
        Assert.Same(b, scope.DisposeEverythingBut(b));
        Assert.True(a.IsInvalid && c.IsInvalid);
        Assert.False(b.IsInvalid);
        scope.DisposeEverything();
        Assert.True(b.IsInvalid);
    }

    [Fact]
    public void Disposing_by_hand_leaves_the_scope()
    {
        using var scope = NewDisposeScope();
        var t = zeros(1);
        t.Dispose();
        Assert.Equal(0, scope.DisposablesCount);
    }

    [Fact]
    public void A_disposed_scope_refuses_use()
    {
        var scope = NewDisposeScope();
        scope.Dispose();
        scope.Dispose();
        Assert.Throws<ObjectDisposedException>(() => scope.Attach(zeros(1)));
        Assert.Throws<ObjectDisposedException>(() => scope.DisposablesCount);
    }

    [Fact]
    public void Statistics_count_what_the_thread_does()
    {
        OnOwnThread(() =>
        {
            var statistics = DisposeScopeManager.Statistics;
            statistics.Reset();
            var outside = zeros(1);
            using (NewDisposeScope())
            {
                var (a, b, c) = (zeros(1), zeros(1), zeros(1));
                a.Dispose();
                b.DetachFromDisposeScope();
            }
            Assert.Equal(1, statistics.CreatedOutsideScopeCount);
            Assert.Equal(3, statistics.CreatedInScopeCount);
            Assert.Equal(2, statistics.DisposedInScopeCount);
            Assert.Equal(1, statistics.DetachedFromScopeCount);
            Assert.Equal(2, statistics.ThreadTotalLiveCount);
            outside.Dispose();
            Assert.Equal(1, statistics.TensorStatistics.DisposedOutsideScopeCount);
            Assert.Equal(1, statistics.ThreadTotalLiveCount);
        });
    }

    [Fact]
    public void A_loop_within_scopes_leaves_nothing_alive()
    {
        OnOwnThread(() =>
        {
            var x = randn(4, 4);
            var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            for (var i = 0; i < 1000; i++)
            {
                using var scope = NewDisposeScope();
                _ = (x.mm(x).tanh() * 2)[1..].sum();
            }
            Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        });
    }

    [Fact]
    public void Scopes_belong_to_their_thread()
    {
        using var scope = NewDisposeScope();
        OnOwnThread(() =>
        {
            Assert.Null(CurrentDisposeScope);
            _ = zeros(1);
        });
        Assert.Equal(0, scope.DisposablesCount);
    }

    private static void OnOwnThread(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            throw failure;
        }
    }
}
