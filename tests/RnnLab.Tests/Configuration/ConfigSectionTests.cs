using RnnLab.Experiments.Configuration;

namespace RnnLab.Tests.Configuration;

public sealed class ConfigSectionTests
{
    private static ConfigSection Parse(string text, params string[] overrides) => ConfigDocument.Parse(text, "x.yaml", "/folder", overrides).Root;

    private static string ErrorOf(Action read) => Assert.Throws<ConfigException>(read).Message;

    [Theory]
    [InlineData("128", 128)]
    [InlineData("+5", 5)]
    [InlineData("007", 7)]
    [InlineData("65536", 65536)]
    public void An_integer_is_digits(string written, int value) => Assert.Equal(value, Parse($"n: {written}").Integer("n", 0, 1, 65536));

    [Theory]
    [InlineData("fast", "\"fast\"")]
    [InlineData("0", "0")]
    [InlineData("65537", "65537")]
    [InlineData("99999999999999999999", "99999999999999999999")]
    [InlineData("1e3", "1e3 (write 1000)")]
    [InlineData("5.0", "5.0 (write 5)")]
    [InlineData("2_000", "\"2_000\" (write 2000)")]
    [InlineData("5.5", "5.5")]
    [InlineData("'5'", "\"5\" (write 5)")]
    [InlineData("", "nothing")]
    [InlineData("[1]", "a list")]
    [InlineData("{a: 1}", "a section")]
    [InlineData("true", "true")]
    public void What_is_no_integer_in_range_is_reported_with_what_was_expected(string written, string got) =>
        Assert.Equal($"x.yaml:1: n: expected an integer from 1 to 65536, got {got}", ErrorOf(() => Parse($"n: {written}").Integer("n", 1, 1, 65536)));

    [Fact]
    public void The_command_line_is_quoted_as_it_was_given()
    {
        var root = Parse("model:\n  cell: gru\n", "model.hidden_size=abc", "model.layers=1e1", "model.sizes=[1, x]", "model.cell={a: 1}");
        var model = root.Section("model");
        Assert.Equal("command line: model.hidden_size=abc: expected an integer from 1 to 65536", ErrorOf(() => model.Integer("hidden_size", 1, 1, 65536)));
        Assert.Equal("command line: model.layers=1e1: expected an integer >= 1 (write 10)", ErrorOf(() => model.Integer("layers", 1, min: 1)));
        Assert.Equal("command line: model.sizes=[1, x]: expected an integer", ErrorOf(() => model.Integers("sizes")));
        Assert.Equal("command line: model.cell={a: 1}: expected a text, got a section", ErrorOf(() => model.RequiredText("cell")));
        Assert.Equal("command line: model.hidden_size=abc", model.Location("hidden_size"));
    }

    [Theory]
    [InlineData("1e-3", 1e-3)]
    [InlineData(".5", .5)]
    [InlineData("5.", 5)]
    [InlineData("-2", -2)]
    [InlineData("+1.5E+2", 150)]
    public void A_number_is_read_in_the_invariant_form(string written, double value) => Assert.Equal(value, Parse($"n: {written}").Number("n", 0));

    [Theory]
    [InlineData("n: fast", "x.yaml:1: n: expected a number > 0, got \"fast\"")]
    [InlineData("n: 0", "x.yaml:1: n: expected a number > 0, got 0")]
    [InlineData("n: .nan", "x.yaml:1: n: expected a number > 0, got .nan (it must be finite)")]
    [InlineData("n: 1e999", "x.yaml:1: n: expected a number > 0, got 1e999 (it must be finite)")]
    [InlineData("n: 2_000", "x.yaml:1: n: expected a number > 0, got \"2_000\" (write 2000)")]
    [InlineData("n: '5'", "x.yaml:1: n: expected a number > 0, got \"5\" (write it without quotes)")]
    [InlineData("n: 1,5", "x.yaml:1: n: expected a number > 0, got \"1,5\"")]
    [InlineData("n: NaN", "x.yaml:1: n: expected a number > 0, got \"NaN\"")]
    public void What_is_no_number_in_range_is_reported(string text, string message) => Assert.Equal(message, ErrorOf(() => Parse(text).Number("n", 1, above: 0)));

    [Fact]
    public void Bounds_of_a_number_are_closed_or_open_as_asked()
    {
        var root = Parse("a: 1\nb: 0\n");
        Assert.Equal(1, root.Number("a", 0, min: 0, max: 1));
        Assert.Equal("x.yaml:1: a: expected a number >= 0 and < 1, got 1", ErrorOf(() => root.Number("a", 0, min: 0, below: 1)));
        Assert.Equal("x.yaml:1: a: expected a number from 2 to 3.5, got 1", ErrorOf(() => root.Number("a", 0, min: 2, max: 3.5)));
        Assert.Equal(0, root.Number("b", 1, min: 0));
        Assert.Equal(double.PositiveInfinity, Parse("c: .inf").Number("c", 0, finite: false));
        Assert.True(double.IsNaN(Parse("c: .nan").Number("c", 0, finite: false)));
    }

    [Theory]
    [InlineData("yes", "\"yes\" (write true)")]
    [InlineData("off", "\"off\" (write false)")]
    [InlineData("True", "\"True\" (write true)")]
    [InlineData("0", "0 (write false)")]
    [InlineData("maybe", "\"maybe\"")]
    public void A_flag_is_true_or_false_with_a_hint_for_other_habits(string written, string got) =>
        Assert.Equal($"x.yaml:1: f: expected true or false, got {got}", ErrorOf(() => Parse($"f: {written}").Flag("f", false)));

    [Fact]
    public void A_choice_lists_what_is_allowed_and_the_nearest()
    {
        var root = Parse("cell: lstn\nkernel: turbo\nok: gru");
        Assert.Equal("x.yaml:1: cell: expected one of rnn, lstm, gru, got \"lstn\" (did you mean lstm?)", ErrorOf(() => root.Choice("cell", "gru", "rnn", "lstm", "gru")));
        Assert.Equal("x.yaml:2: kernel: expected one of fast, reference, got \"turbo\"", ErrorOf(() => root.Choice("kernel", "fast", "fast", "reference")));
        Assert.Equal("gru", root.Choice("ok", "rnn", "rnn", "gru"));
    }

    [Fact]
    public void Absent_keys_give_the_default_null_or_an_error()
    {
        var root = Parse("model:\n  cell:\n");
        var model = root.Section("model");
        Assert.Equal(7, root.Integer("n", 7));
        Assert.Null(root.OptionalNumber("n"));
        Assert.Null(model.OptionalText("cell"));
        Assert.Null(model.OptionalInteger("size"));
        Assert.Equal("x.yaml:2: model.cell: expected one of a, b, got nothing", ErrorOf(() => model.Choice("cell", "a", "a", "b")));
        Assert.Equal("x.yaml: seed: this key is required; expected an integer", ErrorOf(() => root.RequiredInteger("seed")));
        Assert.Matches("^x.yaml:[12]: model.size: this key is required; expected an integer >= 1$", ErrorOf(() => model.RequiredInteger("size", min: 1)));
        Assert.Equal("x.yaml: task.text: this key is required; expected a path", ErrorOf(() => root.Section("task").RequiredPath("text")));
    }

    [Fact]
    public void A_path_is_relative_to_whoever_wrote_it()
    {
        var root = Parse("a: data/x.txt\nb: /abs/y.txt\nc: ~/z\n", "d=data/x.txt");
        Assert.Equal(System.IO.Path.GetFullPath("/folder/data/x.txt"), root.RequiredPath("a"));
        Assert.Equal(System.IO.Path.GetFullPath("/abs/y.txt"), root.Path("b", ""));
        Assert.Equal(System.IO.Path.GetFullPath("/folder/~/z"), root.OptionalPath("c"));
        Assert.Equal(System.IO.Path.GetFullPath("data/x.txt"), root.RequiredPath("d"));
        Assert.Equal("runs", root.Path("e", "runs"));
    }

    [Fact]
    public void Lists_are_read_item_by_item()
    {
        var root = Parse("a: [1, 2.5, 1e-1]\nb:\n  - 1\n  - x\nc: 5\n");
        Assert.Equal([1, 2.5, .1], root.Numbers("a"));
        Assert.Equal(["1", "2.5", "1e-1"], root.Texts("a"));
        Assert.Equal("x.yaml:4: b[1]: expected a number, got \"x\"", ErrorOf(() => root.Numbers("b")));
        Assert.Equal("x.yaml:5: c: expected a list, each item an integer, got 5", ErrorOf(() => root.Integers("c")));
        Assert.Empty(root.Integers("absent"));
    }

    [Fact]
    public void A_section_must_be_a_mapping()
    {
        Assert.Equal("x.yaml:1: model: expected a section (keys and values), got 5", ErrorOf(() => Parse("model: 5").Section("model")));
        Assert.Empty(Parse("model:").Section("model").Keys);
    }

    [Fact]
    public void An_unknown_key_is_reported_with_the_nearest_known_one()
    {
        var root = Parse("seed: 1\nmodel:\n  cell: gru\n  hiden_size: 3\n");
        root.Integer("seed", 0);
        var model = root.Section("model");
        model.RequiredText("cell");
        model.Integer("hidden_size", 128);
        Assert.Equal("x.yaml:4: model.hiden_size: unknown key; did you mean hidden_size?", ErrorOf(root.RejectUnknown));
    }

    [Fact]
    public void An_unknown_key_like_no_other_is_reported_with_the_known_ones()
    {
        var root = Parse("seed: 1\n", "zzz=4", "model.x=1");
        root.Integer("seed", 0);
        root.Section("model");
        Assert.Equal("command line: zzz=4: unknown key; the configuration knows seed, model", ErrorOf(root.RejectUnknown));
        root.Has("zzz");
        Assert.Equal("command line: model.x=1: unknown key; model takes no keys here", ErrorOf(root.RejectUnknown));
        root.Section("model").Integer("x", 0);
        root.RejectUnknown();
    }

    [Fact]
    public void A_section_that_nobody_asked_for_is_unknown()
    {
        var root = Parse("modle:\n  cell: gru\n");
        root.Section("model");
        Assert.Equal("x.yaml:1: modle: unknown key; did you mean model?", ErrorOf(root.RejectUnknown));
    }

    [Fact]
    public void A_follow_up_error_has_the_location() =>
        Assert.Equal("x.yaml:2: k2: expected at least k1 (8)", Parse("k1: 8\nk2: 4\n").Error("k2", "expected at least k1 (8)").Message);
}
