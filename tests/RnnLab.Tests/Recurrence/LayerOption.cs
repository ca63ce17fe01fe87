using RnnLab.Cells;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Sequences;
using RnnLab.Tests.Cells;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Recurrence;

/// <summary>What a layer may be asked for beside the plain recurrence, for tests over all of it.</summary>
/// <param name="Name">Its row in a table.</param>
internal sealed record LayerOption(string Name)
{
    public const ulong Seed = 3;

    public const long FirstStep = 5;

    private const int T = 5, B = 4, I = 3;

    private static readonly RecurrentRegularization H = new() { ZoneoutH = 0.3 }, Both = H with { ZoneoutC = 0.4 };

    public bool Reverse { get; init; }

    public PaddingForm? Lengths { get; init; }

    public bool Training { get; init; } = true;

    /// <summary>What acts on the recurrence, where the cell has a c or not; null where the cell lacks what the option is about.</summary>
    public Func<bool, RecurrentRegularization?> Regularization { get; init; } = _ => RecurrentRegularization.None;

    public static IReadOnlyList<LayerOption> All { get; } =
    [
        new("plain"),
        new("lengths packed") { Lengths = PaddingForm.Packed },
        new("lengths masked") { Lengths = PaddingForm.Masked },
        new("reverse") { Reverse = true },
        new("reverse, lengths packed") { Reverse = true, Lengths = PaddingForm.Packed },
        new("reverse, lengths masked") { Reverse = true, Lengths = PaddingForm.Masked },
        new("recurrent dropout") { Regularization = _ => new() { RecurrentDropout = 0.4 } },
        new("weight drop") { Regularization = _ => new() { WeightDrop = 0.4 } },
        new("zoneout h") { Regularization = _ => H },
        new("zoneout h and c") { Regularization = hasC => hasC ? Both : null },
        new("zoneout in evaluation") { Training = false, Regularization = hasC => hasC ? Both : H },
        new("all, lengths packed") { Reverse = true, Lengths = PaddingForm.Packed, Regularization = Everything },
        new("all, lengths masked") { Reverse = true, Lengths = PaddingForm.Masked, Regularization = Everything },
    ];

    public static LayerOption Named(string name) => All.Single(option => option.Name == name);

    /// <summary>A cell of the table of cells with this option, or null where the cell lacks what the option is about.</summary>
    public LayerProblem? Problem(string cell, Kernel kernel)
    {
        var made = CellGradientTests.Cells[cell]();
        if (Regularization(made.HasCellState) is not { } regularization)
            return null;
        var parameters = RecurrentParameters.Create(made, I, "l0", Initialization.PyTorch, 11, dtype: ScalarType.Float64);
        return new(new RecurrentLayer(made, parameters, Reverse, regularization, Seed) { Kernel = kernel }, T, B)
        {
            Options = new() { Lengths = Lengths is { } form ? SequenceLengths.Of([3, 5, 1, 5], form: form) : null, Training = Training, FirstStep = FirstStep },
        };
    }

    private static RecurrentRegularization Everything(bool hasC)
        => new() { RecurrentDropout = 0.3, WeightDrop = 0.2, ZoneoutH = 0.3, ZoneoutC = hasC ? 0.4 : 0 };
}
