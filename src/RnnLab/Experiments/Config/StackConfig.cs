using RnnLab.Cells;
using RnnLab.Experiments.Configuration;
using RnnLab.Recurrence;

namespace RnnLab.Experiments;

/// <summary>Keys of the <c>model</c> section on what a stack has beside its cells.</summary>
/// <param name="Dropout">Between layers.</param>
/// <param name="LockedDropout">Whether its masks are one for all steps of a window.</param>
/// <param name="Regularization">On every layer's recurrence.</param>
/// <param name="Connection">What goes from layer to layer beside the outputs.</param>
public sealed record StackConfig(double Dropout, bool LockedDropout, RecurrentRegularization Regularization, StackConnection Connection)
{
    internal static StackConfig Read(ConfigSection section, Cell cell)
    {
        double Probability(string name) => section.Number(name, 0, min: 0, below: 1);
        var zoneoutC = Probability("zoneout_c");
        if (zoneoutC > 0 && !cell.HasCellState)
            throw section.Error("zoneout_c", $"cell {cell.Name} has no c; expected 0, or zoneout_h, which acts on h");
        return new(
            Probability("dropout"),
            section.Flag("locked_dropout", false),
            new RecurrentRegularization
            {
                RecurrentDropout = Probability("recurrent_dropout"),
                WeightDrop = Probability("weight_drop"),
                ZoneoutH = Probability("zoneout_h"),
                ZoneoutC = zoneoutC,
            },
            Enum.Parse<StackConnection>(section.Choice("connection", "none", "none", "residual", "skip"), ignoreCase: true));
    }

    internal void AddTo(ConfigTree tree)
    {
        tree.Add("dropout", Dropout);
        tree.Add("locked_dropout", LockedDropout);
        tree.Add("recurrent_dropout", Regularization.RecurrentDropout);
        tree.Add("weight_drop", Regularization.WeightDrop);
        tree.Add("zoneout_h", Regularization.ZoneoutH);
        tree.Add("zoneout_c", Regularization.ZoneoutC);
        tree.Add("connection", Connection.ToString().ToLowerInvariant());
    }
}
