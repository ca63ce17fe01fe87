using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// What a list of indices selects of a tensor, as Python's indexing does: a view that the numbers, slices and new
/// dimensions make, and for the tensors among the indices the positions to gather from it. Works on native handles, so
/// that the steps between do not count as tensors of a dispose scope.
/// </summary>
internal sealed class Selection : IDisposable
{
    private readonly List<nint> owned = [];
    private readonly List<nint> positions = [];
    private readonly Tensor source;
    private nint view;

    internal Selection(Tensor source, ReadOnlySpan<TensorIndex> indices)
    {
        this.source = source;
        view = source.Handle;
        try
        {
            Apply(indices);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal Tensor Read()
    {
        if (positions.Count > 0)
        {
            return Op.Call1("aten::index.Tensor", Arg.Borrowed(view), Arg.BorrowedList([.. positions]));
        }
        return view == source.Handle ? source.alias() : new Tensor(Take(view));
    }

    internal void Write(Tensor value, bool accumulate)
    {
        if (positions.Count > 0)
        {
            Op.Run("aten::index_put_", Arg.Borrowed(view), Arg.BorrowedList([.. positions]), value, accumulate);
            return;
        }
        var target = (int)Info(view).Dimensions;
        var trimmed = value.Handle;
        for (var extra = (int)value.Dimensions - target; extra > 0; extra--)
        {
            trimmed = Own(Op.CallHandle("aten::squeeze.dim", Arg.Borrowed(trimmed), 0));
        }
        Op.Run("aten::copy_", Arg.Borrowed(view), Arg.Borrowed(trimmed));
        GC.KeepAlive(value);
    }

    public void Dispose()
    {
        foreach (var handle in owned)
        {
            NativeMethods.Release(handle);
        }
        owned.Clear();
        GC.KeepAlive(source);
    }

    private static unsafe TensorInfo Info(nint handle)
    {
        TensorInfo info;
        NativeError.Check(NativeMethods.Info(handle, &info));
        return info;
    }

    private static unsafe long[] Sizes(nint handle)
    {
        var sizes = new long[Info(handle).Dimensions];
        fixed (long* p = sizes)
        {
            NativeError.Check(NativeMethods.Sizes(handle, p, null));
        }
        return sizes;
    }

    private void Apply(ReadOnlySpan<TensorIndex> indices)
    {
        var unnamed = (int)source.Dimensions;
        foreach (var index in indices)
        {
            unnamed -= Consumes(index);
        }
        if (unnamed < 0)
        {
            throw new ExternalException($"too many indices for tensor of dimension {source.Dimensions}");
        }
        var d = 0;
        foreach (var index in indices)
        {
            switch (index.kind)
            {
                case TensorIndex.Kind.Single:
                    Narrow("aten::select.int", d, index.start ?? 0);
                    break;
                case TensorIndex.Kind.Slice:
                    if ((index.start, index.stop, index.step) is not (null or 0, null, null or 1))
                    {
                        Narrow("aten::slice.Tensor", d, index.start, index.stop, index.step ?? 1);
                    }
                    d++;
                    break;
                case TensorIndex.Kind.NewDimension:
                    Narrow("aten::unsqueeze", d++);
                    break;
                case TensorIndex.Kind.Ellipsis:
                    d += unnamed;
                    break;
                case TensorIndex.Kind.Bool:
                    Narrow("aten::unsqueeze", d);
                    Gather(ref d, Own(Op.CallHandle("aten::zeros", new[] { index.start ?? 0 }, ScalarType.Int64)));
                    break;
                default:
                    ApplyTensor(ref d, index.tensor!);
                    break;
            }
        }
    }

    private void ApplyTensor(ref int d, Tensor tensor)
    {
        var info = Info(tensor.Handle);
        if (IsMask(info))
        {
            if (info.Dimensions == 0)
            {
                Narrow("aten::unsqueeze", d);
                var flag = Own(Op.CallHandle("aten::unsqueeze", tensor, 0));
                Gather(ref d, NonZero(flag, 0));
            }
            else
            {
                CheckMask(d, tensor);
                for (var k = 0; k < info.Dimensions; k++)
                {
                    Gather(ref d, NonZero(tensor.Handle, k));
                }
            }
        }
        else if (info.Dimensions == 0 && is_integral((ScalarType)info.Dtype))
        {
            Narrow("aten::select.int", d, Op.CallValue("aten::item", tensor).Bits);
        }
        else
        {
            Gather(ref d, tensor.Handle);
        }
        GC.KeepAlive(tensor);
    }

    private void CheckMask(int d, Tensor mask)
    {
        var shape = mask.shape;
        var covered = Sizes(view);
        for (var k = 0; k < shape.Length; k++)
        {
            if (covered[d + k] != shape[k])
            {
                throw new ExternalException(
                    $"The shape of the mask [{string.Join(", ", shape)}] at index {k} does not match the shape of the indexed tensor " +
                    $"[{string.Join(", ", covered)}] at index {d + k}");
            }
        }
    }

    private nint NonZero(nint mask, int dimension)
    {
        var all = Own(Op.CallHandle("aten::nonzero", Arg.Borrowed(mask)));
        return Own(Op.CallHandle("aten::select.int", Arg.Borrowed(all), 1, dimension));
    }

    private void Gather(ref int d, nint index)
    {
        while (positions.Count < d)
        {
            positions.Add(0);
        }
        positions.Add(index);
        d++;
    }

    private void Narrow(string op, params ReadOnlySpan<Arg> args) =>
        view = Own(Op.CallHandle(op, [Arg.Borrowed(view), .. args]));

    private nint Own(nint handle)
    {
        owned.Add(handle);
        return handle;
    }

    private nint Take(nint handle)
    {
        owned.Remove(handle);
        return handle;
    }

    private static bool IsMask(in TensorInfo info) => (ScalarType)info.Dtype is ScalarType.Bool or ScalarType.Byte;

    private static int Consumes(in TensorIndex index) => index.kind switch
    {
        TensorIndex.Kind.Single or TensorIndex.Kind.Slice => 1,
        TensorIndex.Kind.Tensor => Info(index.tensor!.Handle) is var info && IsMask(info) ? (int)info.Dimensions : 1,
        _ => 0,
    };
}
