using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// libtorch's operators by their schema's name, "aten::add.Tensor". Trailing arguments that are left out take the
/// schema's defaults. libtorch's errors become <see cref="System.Runtime.InteropServices.ExternalException"/>; an
/// operator that the loaded libtorch lacks becomes <see cref="NotSupportedException"/>.
/// </summary>
internal static unsafe class Op
{
    private const int MaxResults = 8;
    private const int StackBytes = 2048;

    private static readonly ConcurrentDictionary<string, nint> Found = new();

    /// <summary>What <see cref="Observer"/> is told where the host reaches for a tensor's memory, which is no operator.</summary>
    internal const string MemoryAccess = "bridge::data_ptr";

    /// <summary>Told the name of every operator that this thread calls, and <see cref="MemoryAccess"/>; for tests that count them.</summary>
    [field: ThreadStatic]
    internal static Action<string>? Observer { get; set; }

    /// <summary>Calls an operator that returns one tensor.</summary>
    internal static Tensor Call1(string name, params ReadOnlySpan<Arg> args)
    {
        NativeValue result;
        Invoke(name, args, &result, 1);
        return new Tensor((nint)result.Bits);
    }

    /// <summary>Calls an operator that returns one tensor, and leaves its handle to the caller to release.</summary>
    internal static nint CallHandle(string name, params ReadOnlySpan<Arg> args)
    {
        NativeValue result;
        Invoke(name, args, &result, 1);
        return (nint)result.Bits;
    }

    /// <summary>Calls an operator for its effect on its arguments.</summary>
    internal static void Run(string name, params ReadOnlySpan<Arg> args) => Invoke(name, args, null, 0);

    /// <summary>Calls an operator that returns several tensors, or one list of them.</summary>
    internal static Tensor[] Call(string name, params ReadOnlySpan<Arg> args)
    {
        var results = stackalloc NativeValue[MaxResults];
        var count = Invoke(name, args, results, MaxResults);
        if (count == 1 && results[0].Kind == ArgKind.TensorList)
        {
            return TakeList(results[0]);
        }
        var tensors = new Tensor[Math.Min(count, MaxResults)];
        for (var i = 0; i < tensors.Length; i++)
        {
            tensors[i] = new Tensor((nint)results[i].Bits);
        }
        return tensors;
    }

    /// <summary>Calls an operator that returns two tensors.</summary>
    internal static (Tensor First, Tensor Second) Call2(string name, params ReadOnlySpan<Arg> args)
    {
        var results = stackalloc NativeValue[2];
        Invoke(name, args, results, 2);
        return (new Tensor((nint)results[0].Bits), new Tensor((nint)results[1].Bits));
    }

    /// <summary>Calls an operator that returns three tensors.</summary>
    internal static (Tensor First, Tensor Second, Tensor Third) Call3(string name, params ReadOnlySpan<Arg> args)
    {
        var results = stackalloc NativeValue[3];
        Invoke(name, args, results, 3);
        return (new Tensor((nint)results[0].Bits), new Tensor((nint)results[1].Bits), new Tensor((nint)results[2].Bits));
    }

    /// <summary>Calls an operator that returns a truth value.</summary>
    internal static bool CallBool(string name, params ReadOnlySpan<Arg> args) => CallValue(name, args).Bits != 0;

    /// <summary>Calls an operator that returns one number.</summary>
    internal static NativeValue CallValue(string name, params ReadOnlySpan<Arg> args)
    {
        NativeValue result;
        Invoke(name, args, &result, 1);
        return result;
    }

    /// <summary>Whether the loaded libtorch has the operator.</summary>
    internal static bool Exists(string name) => TryFind(name) != 0;

    private static Tensor[] TakeList(NativeValue list)
    {
        var handles = (nint*)list.Bits;
        var tensors = new Tensor[list.Count];
        for (var i = 0; i < tensors.Length; i++)
        {
            tensors[i] = new Tensor(handles[i]);
        }
        NativeMethods.Free((nint)handles);
        return tensors;
    }

    private static nint Lookup(string name)
    {
        if (Found.TryGetValue(name, out var op))
        {
            return op;
        }
        op = TryFind(name);
        if (op == 0)
        {
            throw new NotSupportedException($"The operator '{name}' is not in the loaded libtorch.");
        }
        return Found.GetOrAdd(name, op);
    }

    private static nint TryFind(string name)
    {
        var dot = name.IndexOf('.');
        var (bare, overload) = dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..]);
        NativeError.Check(NativeMethods.Find(bare, overload, out var found));
        return found;
    }

    private static int Invoke(string name, ReadOnlySpan<Arg> args, NativeValue* results, int capacity)
    {
        var op = Lookup(name);
        Observer?.Invoke(name);
        var values = stackalloc NativeValue[args.Length];
        var listBytes = 0;
        for (var i = 0; i < args.Length; i++)
        {
            ref readonly var arg = ref args[i];
            values[i] = new NativeValue { Kind = arg.Kind, Count = arg.Index, Bits = arg.Bits };
            listBytes += ListBytes(arg);
        }
        int count;
        if (listBytes == 0)
        {
            count = NativeMethods.Call(op, values, args.Length, results, capacity);
        }
        else if (listBytes <= StackBytes)
        {
            var lists = stackalloc long[StackBytes / sizeof(long)];
            FillLists(args, values, (byte*)lists);
            count = NativeMethods.Call(op, values, args.Length, results, capacity);
        }
        else
        {
            fixed (long* lists = new long[(listBytes + sizeof(long) - 1) / sizeof(long)])
            {
                FillLists(args, values, (byte*)lists);
                count = NativeMethods.Call(op, values, args.Length, results, capacity);
            }
        }
        foreach (ref readonly var arg in args)
        {
            GC.KeepAlive(arg.Reference);
        }
        return NativeError.Check(count);
    }

    private static int ListBytes(in Arg arg) => arg.Kind switch
    {
        ArgKind.IntList => ((long[])arg.Reference!).Length * sizeof(long),
        ArgKind.DoubleList => ((double[])arg.Reference!).Length * sizeof(double),
        ArgKind.TensorList => ((Array)arg.Reference!).Length * sizeof(nint),
        ArgKind.String => RoundUp(Encoding.UTF8.GetMaxByteCount(((string)arg.Reference!).Length)),
        _ => 0,
    };

    private static int RoundUp(int bytes) => (bytes + sizeof(long) - 1) & ~(sizeof(long) - 1);

    private static void FillLists(ReadOnlySpan<Arg> args, NativeValue* values, byte* next)
    {
        for (var i = 0; i < args.Length; i++)
        {
            ref readonly var arg = ref args[i];
            switch (arg.Kind)
            {
                case ArgKind.IntList:
                    values[i].Count = Copy((long[])arg.Reference!, next);
                    break;
                case ArgKind.DoubleList:
                    values[i].Count = Copy((double[])arg.Reference!, next);
                    break;
                case ArgKind.TensorList:
                    values[i].Count = arg.Reference is nint[] handles
                        ? Copy(handles, next)
                        : CopyHandles((Tensor?[])arg.Reference!, (nint*)next);
                    break;
                case ArgKind.String:
                    var text = (string)arg.Reference!;
                    values[i].Count = Encoding.UTF8.GetBytes(text, new Span<byte>(next, Encoding.UTF8.GetMaxByteCount(text.Length)));
                    break;
                default:
                    continue;
            }
            values[i].Bits = (long)next;
            next += ListBytes(arg);
        }
    }

    private static int CopyHandles(Tensor?[] tensors, nint* target)
    {
        for (var i = 0; i < tensors.Length; i++)
        {
            target[i] = tensors[i] is { } tensor ? tensor.Handle : 0;
        }
        return tensors.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Copy<T>(T[] items, byte* target)
        where T : unmanaged
    {
        items.CopyTo(new Span<T>(target, items.Length));
        return items.Length;
    }
}
