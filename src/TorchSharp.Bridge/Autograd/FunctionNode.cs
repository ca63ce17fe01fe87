using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// The C# half of a custom function's node in the graph: its backward pass and the context of its forward pass. A handle keeps
/// it alive, and libtorch frees the handle together with the node.
/// </summary>
internal sealed unsafe class FunctionNode(
    string name, bool[] isTensor, autograd.AutogradContext context,
    Func<autograd.AutogradContext, List<Tensor>, List<Tensor?>?> backward)
{
    // How many backward passes this thread has called and waits for.
    [ThreadStatic]
    private static int passes;

    /// <summary>
    /// Records a forward pass that has run, from the tensors among its arguments to its outputs; returns the outputs as the graph
    /// has them, or without a graph where none of the inputs requires a gradient or none is recorded.
    /// </summary>
    internal List<Tensor> Record(List<Tensor> inputs, List<Tensor> outputs)
    {
        var (saved, dirty, constant) = context.TakeMarks();
        var tensors = new nint[inputs.Count + outputs.Count + saved.Count + dirty.Count + constant.Count];
        var next = 0;
        foreach (var tensor in inputs.Concat(outputs).Concat(saved).Concat(dirty).Concat(constant))
        {
            tensors[next++] = tensor is null || tensor.IsInvalid ? 0 : tensor.Handle;
        }
        var results = new nint[outputs.Count];
        fixed (nint* given = tensors, taken = results)
        {
            var call = new FunctionCall
            {
                Function = GCHandle.ToIntPtr(GCHandle.Alloc(this)),
                Backward = &Backward,
                Release = &Release,
                Tensors = given,
                Inputs = inputs.Count,
                Outputs = outputs.Count,
                Saved = saved.Count,
                Dirty = dirty.Count,
                NonDifferentiable = constant.Count,
                MaterializeGrads = context.MaterializeGrads ? 1 : 0,
            };
            NativeError.Check(NativeMethods.Apply(&call, taken));
        }
        GC.KeepAlive((inputs, outputs, saved, dirty, constant));
        return [.. results.Select(handle => new Tensor(handle))];
    }

    /// <summary>Marks this thread, until the result is disposed, as one that runs a backward pass of its own.</summary>
    internal static Pass Caller()
    {
        passes++;
        return default;
    }

    [UnmanagedCallersOnly]
    private static void Release(nint handle) => GCHandle.FromIntPtr(handle).Free();

    [UnmanagedCallersOnly]
    private static int Backward(nint function, nint native, nint* grads, int count, nint* results, nint* exception)
    {
        try
        {
            // On the engine's own threads nobody else has a scope, and what is forgotten there would wait for the collector.
            using var scope = passes == 0 ? NewDisposeScope() : null;
            var given = new List<Tensor>(count);
            for (var i = 0; i < count; i++)
            {
                given.Add(new Tensor(grads[i]));
            }
            var node = (FunctionNode)GCHandle.FromIntPtr(function).Target!;
            foreach (var gradient in node.Run(native, given))
            {
                *results++ = gradient is null || gradient.IsInvalid ? 0 : NativeMethods.Retain(gradient.Handle);
                GC.KeepAlive(gradient);
            }
            return 0;
        }
        catch (Exception e)
        {
            *exception = GCHandle.ToIntPtr(GCHandle.Alloc(e));
            return -1;
        }
    }

    /// <summary>The gradients of the tensors among the arguments.</summary>
    private IEnumerable<Tensor?> Run(nint native, List<Tensor> grads)
    {
        List<Tensor?>? gradients;
        using (context.Enter(native))
        {
            gradients = backward(context, grads);
        }
        if (gradients is null)
        {
            throw new InvalidOperationException($"Function {name} returned null, not a list of gradients.");
        }
        var count = gradients.Count;
        while (count > isTensor.Length && IsAbsent(gradients[count - 1]))
        {
            count--;
        }
        if (count != isTensor.Length)
        {
            throw new InvalidOperationException(
                $"Function {name} returned an incorrect number of gradients (expected {isTensor.Length}, got {gradients.Count}).");
        }
        for (var i = 0; i < count; i++)
        {
            if (!isTensor[i] && !IsAbsent(gradients[i]))
            {
                throw new InvalidOperationException(
                    $"Function {name} returned a gradient at position {i + 1}, but the argument there was not a tensor.");
            }
        }
        return gradients.Take(count).Where((_, i) => isTensor[i]);
    }

    private static bool IsAbsent(Tensor? tensor) => tensor is null || tensor.IsInvalid;

    /// <summary>A backward pass that this thread waits for.</summary>
    internal readonly ref struct Pass
    {
        public void Dispose() => passes--;
    }
}
