using RnnLab.Cells;

namespace RnnLab.Tests.CommandLine;

/// <summary>rnnlab cells.</summary>
public sealed class CellsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ProgramResult Call(params string[] arguments) => RnnlabProgram.Run(_folder.Path, ["cells", .. arguments]);

    [Fact]
    public void Every_cell_is_listed_with_equations_and_paper()
    {
        var blocks = Call().Succeeded().Output.ReplaceLineEndings("\n").Split("\n\n");
        Assert.Equal([.. CellCatalogue.All.Select(kind => kind.Name), "untied_rnn"], blocks.Select(block => block.Split(':')[0]));
        foreach (var (kind, block) in CellCatalogue.All.Zip(blocks))
        {
            Assert.All(kind.Equations, equation => Assert.Contains($"    {equation}\n", block, StringComparison.Ordinal));
            Assert.Contains($"  paper       {kind.Paper}", block, StringComparison.Ordinal);
            Assert.All(kind.Options, option => Assert.Contains($"  option      {option.Name}: ", block, StringComparison.Ordinal));
        }
        Assert.Contains("in a config model.name: untied_rnn", blocks[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lstm", "4·H·I + 4·H·H + 8·H = 448 for H = 8, I = 4 and the default options")]
    [InlineData("lstm", "cpu: fused passes (kernel: fast) or readable form; cuda: readable form")]
    [InlineData("lstm", "proj_size: P of h_t = W_hr (o * tanh(c_t)); 0 for no projection (Sak et al. 2014); an integer from 0 to hidden_size - 1, default 0")]
    [InlineData("rnn", "cpu: fused passes (kernel: fast) or readable form; cuda: readable form")]
    [InlineData("mgu", "  runs        cpu and cuda: readable form")]
    [InlineData("indrnn", "nonlinearity: the activation; one of tanh, relu, default relu")]
    [InlineData("untied_rnn", "T·(H·I + H·H + 2·H) = T·112 for H = 8, I = 4")]
    public void One_cell_is_shown_at_a_size(string name, string fragment)
    {
        var output = Call(name, "--hidden-size", "8", "--input-size", "4").Succeeded().Output;
        Assert.StartsWith($"{name}: ", output, StringComparison.Ordinal);
        Assert.Contains(fragment, output, StringComparison.Ordinal);
        Assert.DoesNotContain("\n\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is no cell lsmt; did you mean lstm?", "lsmt")]
    [InlineData("there is no cell transformer; the nearest names are ", "transformer")]
    [InlineData("--hidden-size 0: expected an integer from 1 to 65536", "--hidden-size", "0")]
    [InlineData("--input-size 70000: expected an integer from 1 to 65536", "lstm", "--input-size", "70000")]
    public void A_mistake_is_told_in_one_line(string message, params string[] arguments)
        => Assert.Equal("", Call(arguments).RefusedWith(message).Output);
}
