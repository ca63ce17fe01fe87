using RnnLab.Experiments.Configuration;

namespace RnnLab.Tests.Configuration;

public sealed class YamlTextTests
{
    private static ConfigSection ReRead(ConfigTree tree) => ConfigDocument.Parse(YamlText.Write(tree), "x.yaml", "/").Root;

    [Fact]
    public void A_tree_is_written_in_its_own_order()
    {
        var tree = new ConfigTree
        {
            { "seed", 1L },
            { "model", new ConfigTree { { "cell", "lstm" }, { "dropout", 0.0 }, { "sizes", new[] { 1, 2 } }, { "extra", new ConfigTree() } } },
            { "text", null },
            { "shuffle", true },
        };
        Assert.Equal("seed: 1\nmodel:\n  cell: lstm\n  dropout: 0\n  sizes: [1, 2]\n  extra: {}\ntext: null\nshuffle: true\n", YamlText.Write(tree));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1.0 / 3)]
    [InlineData(2e-3)]
    [InlineData(5e-324)]
    [InlineData(double.MaxValue)]
    [InlineData(-0.0)]
    [InlineData(1e16)]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void A_number_is_read_again_bit_for_bit(double value)
    {
        var again = ReRead(new ConfigTree { { "x", value } }).Number("x", 0, finite: false);
        Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(again));
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("true")]
    [InlineData("yes")]
    [InlineData("12")]
    [InlineData("1e3")]
    [InlineData(".5")]
    [InlineData(".inf")]
    [InlineData("a: b # c")]
    [InlineData("- x")]
    [InlineData("{x}")]
    [InlineData(" lead and trail ")]
    [InlineData("line\nbreak\r\n\ttab \"quote\" 'single' back\\slash")]
    [InlineData("\u0001\u007f\u0085\u2028\ufeff")]
    [InlineData("Grüße, 世界 🙂")]
    [InlineData("C:\\data\\x.txt")]
    [InlineData("---")]
    [InlineData("...")]
    public void A_text_is_read_again_as_it_was(string text)
    {
        Assert.Equal(text, ReRead(new ConfigTree { { "x", text } }).RequiredText("x"));
        Assert.Equal([text, text], ReRead(new ConfigTree { { "x", new[] { text, text } } }).Texts("x"));
    }

    [Fact]
    public void Keys_lists_of_trees_and_empty_trees_survive()
    {
        var tree = new ConfigTree { { "odd key: 1", 1 }, { "true", 2 }, { "items", new object?[] { new ConfigTree { { "a", 1 } }, null, false } } };
        var root = ReRead(tree);
        Assert.Equal(1, root.RequiredInteger("odd key: 1"));
        Assert.Equal(2, root.RequiredInteger("true"));
        Assert.Contains("items: [{a: 1}, null, false]", YamlText.Write(tree), StringComparison.Ordinal);
        Assert.Empty(ReRead([]).Keys);
    }

    [Fact]
    public void A_value_of_another_type_is_refused() =>
        Assert.Contains("when: a DateTime", Assert.Throws<ArgumentException>(() => YamlText.Write(new ConfigTree { { "when", DateTime.UnixEpoch } })).Message, StringComparison.Ordinal);
}
