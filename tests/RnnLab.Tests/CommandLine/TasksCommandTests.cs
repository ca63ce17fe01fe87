using RnnLab.Tasks;

namespace RnnLab.Tests.CommandLine;

/// <summary>rnnlab tasks.</summary>
public sealed class TasksCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_task_is_listed_on_a_line_with_its_summary()
    {
        var lines = Call().Succeeded().Output.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        Assert.Equal(TaskCatalogue.All.Select(kind => (kind.Name, kind.Summary)), lines.Select(line => (line.Split(' ')[0], line[line.IndexOf(' ', StringComparison.Ordinal)..].Trim())));
    }

    [Theory]
    [InlineData("adding", "length: T, steps; an integer from 2 to 100000, default 200", "variant: which form; one of le2015, 1997, default le2015")]
    [InlineData("reversal", "symbols: letters of the alphabet; an integer from 2 to 26, default 10")]
    [InlineData("sine", "noise: standard deviation of the noise; a number from 0 to 0.99, default 0")]
    [InlineData("tsv_pairs", "file: a file of pairs to train on; a file, required", "test_file: a file of pairs to test on; a file\n", "skip_malformed: ")]
    [InlineData("labelled_text", "text_column: ", "header: the first record names the columns; true or false, default true")]
    [InlineData("csv_series", "columns: input columns, by name or number from 1; else all; a list of texts")]
    public void One_task_is_shown_with_its_definition_settings_and_source(string name, params string[] settings)
    {
        var output = Call(name).Succeeded().Output.ReplaceLineEndings("\n");
        var kind = TaskCatalogue.Find(name)!;
        Assert.StartsWith($"{name}: {kind.Summary}\n", output, StringComparison.Ordinal);
        Assert.All(kind.Definition, line => Assert.Contains($"\n    {line}\n", output, StringComparison.Ordinal));
        Assert.Equal(kind.Settings.Select(setting => setting.Name), output.Split('\n').Where(line => line.StartsWith("  setting ", StringComparison.Ordinal)).Select(line => line[14..].Split(':')[0]));
        Assert.All(settings, setting => Assert.Contains($"  setting     {setting}", output, StringComparison.Ordinal));
        Assert.EndsWith($"  source      {kind.Source}\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is no task addding; did you mean adding?", "addding")]
    [InlineData("there is no task Reversal; did you mean reversal?", "Reversal")]
    [InlineData("there is no task translation; rnnlab tasks lists them", "translation")]
    [InlineData("unknown verb or option copy", "adding", "copy")]
    public void A_mistake_is_told_in_one_line(string message, params string[] arguments)
        => Assert.Equal("", Call(arguments).RefusedWith(message).Output);

    private ProgramResult Call(params string[] arguments) => RnnlabProgram.Run(_folder.Path, ["tasks", .. arguments]);
}
