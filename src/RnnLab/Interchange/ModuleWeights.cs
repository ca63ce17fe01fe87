using RnnLab.Experiments.Runs;
using RnnLab.Recurrence;
using RnnLab.Training.Safetensors;

namespace RnnLab.Interchange;

/// <summary>
/// A module's parameters to and from one safetensors file, under the names of PyTorch's state_dict (<c>rnn.weight_ih_l0</c>, <c>linear.bias</c>), so that either
/// goes on with what the other trained. pytorch_weights.py beside this file reads and writes the same files with nothing but torch.
/// A parameter that a module has twice is in the file once, under the first of its names.
/// </summary>
public static class ModuleWeights
{
    private const string CellKey = "rnnlab.cell";

    /// <summary>Writes a module's parameters in their own element types, the file whole or not at all.</summary>
    /// <param name="module">The module, on any device.</param>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="modulePrefix">What the names of the parameters to write begin with in the module, such as "rnn."; it is left away.</param>
    /// <param name="filePrefix">What the names in the file begin with instead.</param>
    /// <exception cref="RunException">The file cannot be written.</exception>
    /// <exception cref="ArgumentException">No parameter's name begins with <paramref name="modulePrefix"/>.</exception>
    public static void Save(nn.Module module, string path, string modulePrefix = "", string filePrefix = "")
    {
        SafetensorsEntry[] entries = [.. Named(module, modulePrefix).Select(p => SafetensorsTensors.ToEntry(filePrefix + p.Key, p.Value))];
        // The format is what PyTorch's own writer says of a file, and what some readers ask for.
        var metadata = new Dictionary<string, string> { ["format"] = "pt" };
        if (CellsOf(module) is { Length: > 0 } cells)
            metadata[CellKey] = cells;
        AtomicFile.Write(path, stream => SafetensorsFile.Write(stream, entries, metadata));
    }

    /// <summary>
    /// Copies a file's tensors into a module's parameters: all or, where one does not fit, none. They are converted to the parameters' element type and device.
    /// </summary>
    /// <param name="module">The module.</param>
    /// <param name="path">The file.</param>
    /// <param name="modulePrefix">What the names of the parameters to load begin with in the module; the others stay as they are.</param>
    /// <param name="filePrefix">What the names of their tensors begin with in the file, such as "encoder."; the others are not looked at.</param>
    /// <param name="strict">Whether every such parameter must have its tensor, and every such tensor its parameter.</param>
    /// <returns>Names in the file's form: parameters without a tensor, and tensors without a parameter. Both are empty when <paramref name="strict"/>.</returns>
    /// <exception cref="SafetensorsException">
    /// The file is missing, damaged or no safetensors file; or its tensors do not fit: the one line names each that is missing, unexpected, or of another shape.
    /// </exception>
    /// <exception cref="ArgumentException">No parameter's name begins with <paramref name="modulePrefix"/>.</exception>
    public static (IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected) Load(
        nn.Module module, string path, string modulePrefix = "", string filePrefix = "", bool strict = true)
    {
        var parameters = Named(module, modulePrefix);
        var file = SafetensorsFile.Read(path);
        // Some cells differ in their equations alone; what PyTorch wrote does not say which.
        if (modulePrefix.Length == 0 && filePrefix.Length == 0 && file.Metadata.TryGetValue(CellKey, out var cells) && CellsOf(module) is { Length: > 0 } own && own != cells)
            throw new SafetensorsException($"{path}: these are another model's weights: its cell is {cells}, this model's is {own}");
        var entries = file.Entries
            .Where(entry => entry.Name.StartsWith(filePrefix, StringComparison.Ordinal)).ToDictionary(entry => entry.Name[filePrefix.Length..]);
        string[] missing = [.. parameters.Keys.Where(name => !entries.ContainsKey(name)).Select(name => filePrefix + name)];
        string[] unexpected = [.. entries.Keys.Where(name => !parameters.ContainsKey(name)).Select(name => filePrefix + name)];
        (Parameter Parameter, SafetensorsEntry Entry)[] pairs = [.. parameters.Where(p => entries.ContainsKey(p.Key)).Select(p => (p.Value, entries[p.Key]))];
        var misshapen = pairs.Where(pair => !pair.Parameter.shape.SequenceEqual(pair.Entry.Shape))
            .Select(pair => $"{pair.Entry.Name} is {Shape(pair.Entry.Shape)}, expected {Shape(pair.Parameter.shape)}");

        string[] problems = [.. Problem("missing", strict ? missing : []), .. Problem("unexpected", strict ? unexpected : []), .. Problem("wrong shape", misshapen)];
        if (problems.Length > 0)
            throw new SafetensorsException($"{path}: these are another model's weights: {string.Join("; ", problems)}");

        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        // All are made before the first is copied: a lack of memory changes nothing either.
        Tensor[] tensors = [.. pairs.Select(pair => SafetensorsTensors.ToTensor(pair.Entry))];
        foreach (var (pair, tensor) in pairs.Zip(tensors))
            pair.Parameter.copy_(tensor);
        return (missing, unexpected);
    }

    /// <summary>The parameters by what follows the prefix in their names, in the module's order.</summary>
    private static OrderedDictionary<string, Parameter> Named(nn.Module module, string modulePrefix)
    {
        ArgumentNullException.ThrowIfNull(module);
        var named = new OrderedDictionary<string, Parameter>();
        foreach (var (name, parameter) in module.named_parameters())
            if (name.StartsWith(modulePrefix, StringComparison.Ordinal))
                named.Add(name[modulePrefix.Length..], parameter);
        if (named.Count == 0)
            throw new ArgumentException($"{module.GetName()} has no parameter whose name begins with \"{modulePrefix}\"", nameof(modulePrefix));
        return named;
    }

    /// <summary>The kinds of cell in a module, each once.</summary>
    private static string CellsOf(nn.Module module)
        => string.Join(", ", module.modules().Prepend(module).OfType<RecurrentStack>().SelectMany(stack => stack.Layers).Select(layer => layer.Cell.Name).Distinct());

    private static IEnumerable<string> Problem(string what, IEnumerable<string> which)
        => string.Join(", ", which) is { Length: > 0 } list ? [$"{what}: {list}"] : [];

    private static string Shape(IEnumerable<long> shape) => $"({string.Join(", ", shape)})";
}
