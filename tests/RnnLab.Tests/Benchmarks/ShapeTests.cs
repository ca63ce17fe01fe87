using RnnLab.Benchmarks;

namespace RnnLab.Tests.Benchmarks;

public sealed class ShapeTests
{
    [Fact]
    public void Shapes_are_read_in_their_order()
    {
        Assert.Equal([new LayerShape(64, 32, 128), new LayerShape(1, 2, 3)], LayerShape.Parse("64,32,128; 1, 2, 3;", "--shapes"));
        Assert.Equal([new ModelShape(2, 128, 50, 60)], ModelShape.Parse("2,128,50,60", "--model-shapes"));
        Assert.Empty(LayerShape.Parse("none", "--shapes"));
    }

    [Fact]
    public void A_number_too_large_for_an_integer_is_refused()
        => Assert.Contains("3 positive integers", Assert.Throws<UserException>(() => LayerShape.Parse("1,2,99999999999", "--shapes")).Message, StringComparison.Ordinal);

    [Fact]
    public void Cells_are_read_once_each() => Assert.Equal(["gru", "rnn"], BenchmarkSettings.ParseCells("gru, rnn,gru", "--cells"));
}
