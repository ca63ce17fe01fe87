using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Readers;

public sealed class SeriesTaskTests : DataFolder
{
    private static readonly TaskKind Kind = FileSeriesTask.Kind;

    /// <summary>Rows: day, i, i².</summary>
    private static string Squares(int rows) => "day,x,y\n" + string.Concat(Enumerable.Range(0, rows).Select(i => $"d{i},{i},{i * i}\n"));

    [Fact]
    public void Windows_stand_side_by_side_with_the_rows_ahead_and_none_reaches_over_the_cut()
    {
        var task = Task(
            Kind, ("file", Write("a.csv", Squares(20))), ("columns", new[] { "x" }), ("targets", new[] { "y" }), ("scaling", "none"), ("window", 3L), ("horizon", 2L), ("stride", 4L),
            ("validation_fraction", 0.5));
        Assert.Equal(2, task.Training.Count); // rows 0 to 9: windows from 0 and 4, that from 8 would need row 12
        Assert.Equal([4, 5, 6], Reals(task.Training[1].Input));
        Assert.Equal([36, 49, 64], Reals(task.Training[1].Target));
        var validation = task.Evaluation[0].Examples;
        Assert.Equal(2, validation.Count); // rows 10 to 19: from 10 and 13
        Assert.Equal([13, 14, 15], Reals(validation[1].Input));
        Assert.Equal([225, 256, 289], Reals(validation[1].Target));
        Assert.False(task.Shape.IsAutoregressive);
        Assert.True(task.Shape.IsCausal);
        Assert.Equal("persistence", Assert.Single(task.Baselines).Name);
        double[] changes = [.. new[] { 10, 11, 12, 13, 14, 15 }.Select(i => Math.Pow((i + 2) * (i + 2) - i * i, 2))];
        Assert.Equal(changes.Average(), task.Baselines[0].Loss, 9);
    }

    [Fact]
    public void Scales_are_fitted_on_the_training_part_alone_and_taken_again_from_a_record()
    {
        var file = Write("a.csv", Squares(20));
        (string, object)[] settings = [("columns", new[] { "x", "3" }), ("window", 2L), ("validation_fraction", 0.5)];
        var task = Task(Kind, [("file", file), .. settings]);
        Assert.True(task.Shape.IsAutoregressive);
        double[] x = [.. Enumerable.Range(0, 10).Select(i => (double)i)];
        Assert.Equal(4.5, task.Record!.Numbers["offsets"][0]);
        Assert.Equal(Math.Sqrt(x.Average(i => (i - 4.5) * (i - 4.5))), task.Record.Numbers["scales"][0], 14);
        Assert.Equal(x.Average(i => i * i), task.Record.Numbers["offsets"][1], 12);
        Assert.Equal(["x", "y"], task.Record.Vocabularies["columns"]);
        Assert.Equal((0 - 4.5) / task.Record.Numbers["scales"][0], Reals(task.Training[0].Input)[0], 14);
        var minmax = Task(Kind, [("file", file), ("scaling", "minmax"), .. settings]);
        Assert.Equal((1.0 / 9, 1.0 / 81), (Reals(minmax.Training[1].Input)[0], Reals(minmax.Training[1].Input)[1]));
        var again = Kind.Create(Values(Kind, [("file", file), .. settings]), minmax.Record);
        Assert.Equal(Reals(minmax.Training[1].Input), Reals(again.Training[1].Input));
    }

    [Fact]
    public void Files_of_their_own_are_validated_and_tested_on_in_the_training_files_scales()
    {
        var other = Write("b.csv", "1;100\n2;200\n3;300\n");
        var task = Task(
            Kind, ("file", Write("a.csv", "0;0\n10;1\n5;1\n")), ("validation_file", other), ("test_file", other),
            ("separator", "semicolon"), ("header", false), ("scaling", "minmax"), ("window", 2L));
        Assert.Equal(1, task.Training.Count);
        Assert.Equal(["validation", "test"], task.Evaluation.Select(part => part.Name));
        Assert.Equal([0.1, 100, 0.2, 200], Reals(task.Evaluation[1].Examples[0].Input));
        Assert.Equal([0.2, 200, 0.3, 300], Reals(task.Evaluation[1].Examples[0].Target).Select(v => Math.Round(v, 12)));
    }

    [Theory]
    [InlineData("x,y\n1,2\n3,\n", "a.csv:3: the value of column \"y\" is missing")]
    [InlineData("x,y\n1,2\n3,NA\n", "a.csv:3: expected a finite number in column \"y\", this is \"NA\"")]
    [InlineData("x,y\n1,2\nNaN,3\n", "a.csv:3: expected a finite number in column \"x\", this is \"NaN\"")]
    [InlineData("x,y\n1,2\n3\n", "a.csv:3: expected 2 columns, this record has 1")]
    [InlineData("x,y\n1,2\n3,4\n5,6\n", "a.csv: 2 rows for training, window 50 + horizon 1 = 51 are needed")]
    public void Bad_rows_are_told_with_their_line(string text, string refusal) => Assert.Equal(refusal, Refusal(Kind, ("file", Write("a.csv", text))));

    [Fact]
    public void A_file_of_other_columns_is_refused()
        => Assert.Equal(
            "b.csv:1: expected the columns x, y of a.csv, these are y, x",
            Refusal(Kind, ("file", Write("a.csv", "x,y\n1,2\n3,4\n")), ("validation_file", Write("b.csv", "y,x\n1,2\n3,4\n")), ("window", 1L)));

    [Fact]
    public void With_no_horizon_targets_are_other_columns()
    {
        var file = Write("a.csv", Squares(10));
        Assert.Equal("x.yaml: task.horizon: with horizon 0 no target column may be an input column", Refusal(Kind, ("file", file), ("columns", new[] { "x" }), ("horizon", 0L)));
        var task = Task(Kind, ("file", file), ("columns", new[] { "x" }), ("targets", new[] { "y" }), ("horizon", 0L), ("window", 2L), ("scaling", "none"));
        Assert.Equal([0, 1], Reals(task.Training[0].Target));
        Assert.False(task.Shape.IsCausal);
    }
}
