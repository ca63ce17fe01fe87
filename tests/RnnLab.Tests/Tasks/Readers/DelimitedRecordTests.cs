using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Readers;

public sealed class DelimitedRecordTests : DataFolder
{
    // RFC 4180, section 2, and what follows from it.
    [Theory]
    [InlineData("aaa,bbb,ccc", "aaa|bbb|ccc")]
    [InlineData("\"aaa\",\"b\r\nbb\",\"ccc\"", "aaa|b\r\nbb|ccc")]
    [InlineData("\"aaa\",\"b\"\"bb\",ccc", "aaa|b\"bb|ccc")]
    [InlineData("a,,", "a||")]
    [InlineData(",\"\",\"\"\"\"", "||\"")]
    [InlineData("", "")]
    [InlineData("\"a,b\",c", "a,b|c")]
    public void Fields_are_read_as_RFC_4180_has_them(string record, string fields) => Assert.Equal(fields.Split('|'), new DelimitedRecord(',').Fields(record));

    [Theory]
    [InlineData("a\"b,c", "a quote within a field that does not begin with one: a\"b")]
    [InlineData("a,\"b", "a quote is not closed: \"b")]
    [InlineData("\"a\"b,c", "expected a separator after the closing quote of a")]
    public void Quotes_out_of_place_are_malformed(string record, string problem)
        => Assert.Equal(problem, Assert.Throws<MalformedRecordException>(() => new DelimitedRecord(',').Fields(record)).Message);

    [Fact]
    public void Records_go_on_over_line_breaks_in_quotes_and_a_stray_quote_spoils_its_own_line_alone()
    {
        var file = new RecordFile(Write("a.csv", "x,\"1\n\"\"2\"\"\n3\",y\na\"b,c\n\"d\"\"\",\"e\"\nf\n"), new DelimitedRecord(',').NewEnds());
        Assert.Equal(["x,\"1\n\"\"2\"\"\n3\",y", "a\"b,c", "\"d\"\"\",\"e\"", "f"], Enumerable.Range(0, file.Count).Select(file.Text));
        Assert.EndsWith("a.csv:4", file.Where(1), StringComparison.Ordinal);
    }
}
