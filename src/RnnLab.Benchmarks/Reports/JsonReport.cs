using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using RnnLab.Benchmarks.Layers;
using RnnLab.Benchmarks.Models;
using RnnLab.Benchmarks.Modules;
using RnnLab.Benchmarks.Tapes;

namespace RnnLab.Benchmarks.Reports;

/// <summary>
/// The results as one JSON document, {machine, rows, means, models, model_means, tapes, modules, module_means}, with snake_case keys; what was not measured is left out.
/// </summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        // The document stands in a file or a terminal, never in HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(
        Machine machine, IReadOnlyList<LayerRow> rows, IReadOnlyList<ModelRow> models, IReadOnlyList<TapeRow> tapes, IReadOnlyList<ModuleRow> modules)
    {
        var document = new JsonObject { ["machine"] = Flat(machine), ["rows"] = Node(rows) };
        if (LayerMeans.Of(rows) is { Count: > 0 } means)
            document["means"] = Node(means);
        document["models"] = Node(models);
        if (models.Count > 0 && ModelMeans.Of(models) is { RatioModelPytorch: not null } modelMeans)
            document["model_means"] = Node(modelMeans);
        if (tapes.Count > 0)
            document["tapes"] = Node(tapes);
        if (modules.Count > 0)
        {
            document["modules"] = Node(modules);
            document["module_means"] = Node(ModuleMeans.Of(modules));
        }
        return document.ToJsonString(Format) + "\n";
    }

    private static JsonNode? Node<T>(T value) => JsonSerializer.SerializeToNode(value, Format);

    /// <summary>The environment's fields beside the machine's own.</summary>
    private static JsonObject Flat(Machine machine)
    {
        var all = Node(machine)!.AsObject();
        var flat = all["environment"]!.DeepClone().AsObject();
        foreach (var (key, value) in all.Where(p => p.Key != "environment"))
            flat[key] = value?.DeepClone();
        return flat;
    }
}
