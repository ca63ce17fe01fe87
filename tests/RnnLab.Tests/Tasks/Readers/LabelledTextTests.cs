using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Readers;

public sealed class LabelledTextTests : DataFolder
{
    private static readonly TaskKind Kind = LabelledText.Kind;

    [Fact]
    public void Columns_are_found_by_name_and_quoted_texts_may_have_line_breaks()
    {
        var file = Write("a.csv", "\uFEFFid,label,text\r\n1,good,\"very, very\r\n\"\"fine\"\"\"\r\n2,bad,not fine\r\n");
        var task = Task(Kind, ("file", file), ("validation_file", file));
        Assert.Equal(["very, very \"fine\" > good", "not fine > bad"], Shown(task, task.Training));
        Assert.Equal(["bad", "good"], task.TargetVocabulary!.Symbols);
        Assert.Equal(TargetPlace.Sequence, task.Shape.Place);
        Assert.Null(task.Text);
    }

    [Fact]
    public void Columns_are_found_by_number_and_separated_as_asked_for()
    {
        var task = Task(
            Kind, ("file", Write("a.tsv", "x\tgood day\nx\tbad day\n")), ("separator", "tab"), ("header", false), ("text_column", "2"), ("label_column", "1"), ("validation_fraction", 0.5));
        Assert.Equal(1, task.Training.Count);
        Assert.Equal(1, task.Evaluation[0].Examples.Count);
        Assert.Equal(["x"], task.TargetVocabulary!.Symbols);
    }

    [Fact]
    public void The_baseline_is_the_cross_entropy_of_the_training_labels_frequencies()
    {
        var task = Task(Kind, ("file", Write("a.csv", "text,label\na,p\nb,p\nc,q\n")), ("validation_file", Write("b.csv", "text,label\na,q\na,p\n")));
        // (2 + 1)/(3 + 2) for p, (1 + 1)/(3 + 2) for q.
        var baseline = Assert.Single(task.Baselines);
        Assert.Equal("frequencies", baseline.Name);
        Assert.Equal(-(Math.Log(0.4) + Math.Log(0.6)) / 2, baseline.Loss, 14);
    }

    [Theory]
    [InlineData("text,label\na,p\nb\n", "a.csv:3: expected 2 columns, this record has 1")]
    [InlineData("text,label\na,p\n\"b\nc\",q,r\nd,p\n", "a.csv:3: expected 2 columns, this record has 3")]
    [InlineData("text,label\na,p\nb,\" \"\n", "a.csv:3: the label is empty")]
    [InlineData("text,label\na,p\n ,p\n", "a.csv:3: the input is an empty sequence")]
    [InlineData("text,label\na,p\n\"b,q\n", "a.csv:3: a quote is not closed: \"b,q ")]
    [InlineData("text,tag\na,p\n", "a.csv:1: there is no column \"label\"; the columns are text, tag")]
    [InlineData("text,text\na,p\n", "a.csv:1: two columns are named \"text\"")]
    [InlineData("text,label\n", "a.csv: there are no texts in it")]
    public void Malformed_files_are_told_with_file_and_line(string text, string refusal) => Assert.Equal(refusal, Refusal(Kind, ("file", Write("a.csv", text))));

    [Fact]
    public void A_label_unseen_in_training_is_an_error_even_where_malformed_records_are_skipped()
        => Assert.Equal(
            "b.csv:3: the label \"r\" is not in the training part, which has p, q",
            Refusal(Kind, ("file", Write("a.csv", "text,label\na,p\nb,q\n")), ("validation_file", Write("b.csv", "text,label\na,q\na,r\n")), ("skip_malformed", true)));
}
