using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Modules applied one after the other; unnamed ones are named by their position. Intermediate results are freed.</summary>
public class Sequential : nn.Module<Tensor, Tensor>
{
    internal Sequential() : base(nameof(Sequential))
    {
    }

    protected Sequential(params (string name, nn.Module<Tensor, Tensor> submodule)[] modules) : this()
    {
        foreach (var (name, submodule) in modules) append(name, submodule);
    }

    protected Sequential(params nn.Module<Tensor, Tensor>[] modules) : this()
    {
        foreach (var module in modules) append(module);
    }

    public int Count => _internal_submodules.Count;

    public nn.IModule<Tensor, Tensor> this[int index] => (nn.IModule<Tensor, Tensor>)_internal_submodules[index].Item2;

    /// <summary>The modules from start up to, not including, end, under their names here; they are shared, not copied.</summary>
    public Sequential this[(int? start, int? end) index] => Slice(index.start ?? 0, index.end ?? Count);

    public Sequential this[Range index] => Slice(index.Start.GetOffset(Count), index.End.GetOffset(Count));

    public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
    {
        register_module(name, (nn.Module)module);
        return this;
    }

    public Sequential append(nn.IModule<Tensor, Tensor> module) => append(Count.ToString(), module);

    public override Tensor forward(Tensor tensor)
    {
        if (Count == 0) return tensor.alias();

        var current = tensor;
        for (var i = 0; i < Count; i++)
        {
            var next = this[i].call(current);
            if (i > 0 && !ReferenceEquals(current, next)) current.Dispose();
            current = next;
        }

        return current;
    }

    private Sequential Slice(int start, int end)
    {
        if (start < 0 || start > Count || end < 0 || end > Count)
            throw new IndexOutOfRangeException($"{start}..{end} is not within the {Count} modules.");

        var slice = new Sequential();
        for (var i = start; i < end; i++)
        {
            var (name, module) = _internal_submodules[i];
            slice.append(name, (nn.IModule<Tensor, Tensor>)module);
        }

        return slice;
    }
}
