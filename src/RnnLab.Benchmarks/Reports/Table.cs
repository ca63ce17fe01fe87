using System.Globalization;
using RnnLab.Benchmarks.Layers;
using RnnLab.Benchmarks.Models;
using RnnLab.Benchmarks.Modules;
using RnnLab.Benchmarks.Tapes;

namespace RnnLab.Benchmarks.Reports;

/// <summary>The results as lines of plain text, each of which can be written as soon as it is measured.</summary>
internal static class Table
{
    // Left-aligned: cell. Right-aligned: all else.
    private static readonly (string Group, string Name, int Width)[] LayerColumns =
    [
        ("", "cell", -4), ("", "T", 4), ("", "B", 4), ("", "H", 5), ("ours, ms", "forward", 9), ("", "train", 9),
        ("libtorch", "forward", 9), ("", "train", 7), ("oneDNN", "forward", 9), ("", "train", 7),
        ("readable", "train", 9), ("autograd", "train", 9), ("train", "GF/s", 8), ("share of", "FMA", 9), ("", "GEMM", 6),
    ];

    private static readonly (string Group, string Name, int Width)[] ModelColumns =
    [
        ("", "cell", -4), ("", "layers", 7), ("", "H", 5), ("", "B", 4), ("", "T", 4), ("ours", "chars/s", 9), ("PyTorch", "chars/s", 9), ("", "ratio", 7),
    ];

    private static readonly (string Group, string Name, int Width)[] TapeColumns =
    [
        ("", "cell", -4), ("", "T", 7), ("", "B", 4), ("", "H", 5), ("", "tape", 7), ("peak,", "MB", 8), ("step", "tapes", 8), ("", "/ √T", 7), ("train,", "s", 8), ("of", "full", 7), ("", "bits", 8),
    ];

    private static readonly (string Group, string Name, int Width)[] ModuleColumns =
    [
        ("", "cell", -4), ("", "layers", 7), ("", "directions", 12), ("", "T", 4), ("", "B", 4), ("", "H", 5), ("step, ms", "ours", 10), ("", "TorchSharp", 12), ("", "ratio", 7), ("losses'", "difference", 12),
    ];

    /// <summary>The layers' headings, two lines, and what they mean.</summary>
    public static IEnumerable<string> LayerHead(bool onednn) =>
    [
        $"one layer, I = H; libtorch to autograd: their time divided by ours, medians of pairs{(onednn ? "" : "; oneDNN: --peers")}",
        Line(LayerColumns, [.. LayerColumns.Select(c => c.Group)]),
        Line(LayerColumns, [.. LayerColumns.Select(c => c.Name)]),
    ];

    public static string Of(LayerRow row) => Line(
        LayerColumns, row.Cell, Number(row.T), Number(row.B), Number(row.H), Milliseconds(row.MsForward), Milliseconds(row.MsTrain),
        Ratio(row.RatioForwardLibtorch), Ratio(row.RatioTrainLibtorch), Ratio(row.RatioForwardOnednn), Ratio(row.RatioTrainOnednn),
        Ratio(row.SpeedupTrainReference), Ratio(row.SpeedupTrainAutograd), row.TrainGflops.ToString("0.0", CultureInfo.InvariantCulture),
        Percent(row.ShareOfFma), Percent(row.ShareOfSgemm));

    /// <summary>The geometric means, under the same columns.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<LayerMeans> means) =>
    [
        .. means.Count > 0 ? ["geometric means over B > 1"] : Array.Empty<string>(),
        .. means.Select(m => Line(
            LayerColumns, m.Cell, "", "", "", "", "", Ratio(m.RatioForwardLibtorch), Ratio(m.RatioTrainLibtorch), Ratio(m.RatioForwardOnednn),
            Ratio(m.RatioTrainOnednn), Ratio(m.SpeedupTrainReference), Ratio(m.SpeedupTrainAutograd), "", Percent(m.ShareOfFma), Percent(m.ShareOfSgemm))),
    ];

    /// <summary>The best ceilings of all rows, where there are any.</summary>
    public static IEnumerable<string> Ceilings(IReadOnlyList<LayerRow> rows) => rows.Max(row => row.FmaGflops) is { } fma
        ? [string.Create(CultureInfo.InvariantCulture, $"ceilings: fused multiply-adds {fma:0} GF/s, matrix product (2048³) {rows.Max(row => row.SgemmGflops):0} GF/s")]
        : [];

    /// <summary>The models' headings, and what they are.</summary>
    public static IEnumerable<string> ModelHead() =>
    [
        $"character models in training: embedding {CharacterModel.EmbeddingSize}, vocabulary {CharacterModel.VocabularySize}, Adam, clip_norm 5",
        Line(ModelColumns, [.. ModelColumns.Select(c => c.Group)]),
        Line(ModelColumns, [.. ModelColumns.Select(c => c.Name)]),
    ];

    public static string Of(ModelRow row) => Line(
        ModelColumns, row.Cell, Number(row.NumLayers), Number(row.H), Number(row.B), Number(row.T), Characters(row.CharactersPerSecond),
        Characters(row.CharactersPerSecondPytorch), Ratio(row.RatioModelPytorch));

    /// <summary>The models' mean and minimum; nothing where there was nothing to compare with.</summary>
    public static IEnumerable<string> Of(ModelMeans means)
        => means.RatioModelPytorch is null ? [] : [$"geometric mean {Ratio(means.RatioModelPytorch)}, lowest {Ratio(means.LowestRatioModelPytorch)}"];

    /// <summary>The tapes' headings, and what they are.</summary>
    public static IEnumerable<string> TapeHead() =>
    [
        "memory-bounded BPTT of one layer, I = H: what its tape holds at most, and its time by the full tape's, medians of pairs",
        Line(TapeColumns, [.. TapeColumns.Select(c => c.Group)]),
        Line(TapeColumns, [.. TapeColumns.Select(c => c.Name)]),
    ];

    public static string Of(TapeRow row) => Line(
        TapeColumns, row.Cell, Number(row.Shape.T), Number(row.Shape.B), Number(row.Shape.H), row.Memory, Digits(row.PeakBytes / 1e6), Digits(row.StepTapes),
        Digits(row.StepTapesPerRoot), Digits(row.Seconds), Digits(row.TimeOfFull), row.SameBits ? "same" : "others");

    /// <summary>The modules' headings, and what they are.</summary>
    public static IEnumerable<string> ModuleHead() =>
    [
        $"a plain TorchSharp training loop (embedding {CharacterModel.EmbeddingSize}, recurrence, linear {CharacterModel.VocabularySize}, cross-entropy, Adam) with RnnLab's module in the place of nn.LSTM, nn.GRU, nn.RNN",
        Line(ModuleColumns, [.. ModuleColumns.Select(c => c.Group)]),
        Line(ModuleColumns, [.. ModuleColumns.Select(c => c.Name)]),
    ];

    public static string Of(ModuleRow row) => Line(
        ModuleColumns, row.Cell, Number(row.NumLayers), Number(row.Bidirectional ? 2 : 1), Number(row.T), Number(row.B), Number(row.H), Milliseconds(row.MsStep),
        Milliseconds(row.MsStepTorchsharp), Ratio(row.RatioStepTorchsharp), row.LossDifference.ToString("0.0e+0", CultureInfo.InvariantCulture));

    /// <summary>The modules' mean and minimum.</summary>
    public static string Of(ModuleMeans means) => $"geometric mean {Ratio(means.RatioStepTorchsharp)}, lowest {Ratio(means.LowestRatioStepTorchsharp)}";

    private static string Line((string Group, string Name, int Width)[] columns, params string[] cells)
        => string.Concat(cells.Zip(columns, (cell, column) => column.Width < 0 ? cell.PadRight(-column.Width) : cell.PadLeft(column.Width))).TrimEnd();

    private static string Number(int n) => n.ToString(CultureInfo.InvariantCulture);

    // Three digits: more would be noise.
    private static string Digits(double x) => x.ToString(x < 10 ? "0.00" : x < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);

    private static string Milliseconds(double ms) => ms < 1 ? ms.ToString("0.000", CultureInfo.InvariantCulture) : Digits(ms);

    private static string Ratio(double? ratio) => ratio is { } x ? Digits(x) : "-";

    private static string Percent(double? share) => share is { } x ? $"{(100 * x).ToString("0", CultureInfo.InvariantCulture)} %" : "-";

    private static string Characters(double? perSecond) => perSecond is { } x ? x.ToString("0", CultureInfo.InvariantCulture) : "-";
}
