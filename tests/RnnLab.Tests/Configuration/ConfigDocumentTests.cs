using RnnLab.Experiments.Configuration;

namespace RnnLab.Tests.Configuration;

public sealed class ConfigDocumentTests
{
    private const string Sample = "seed: 3\nmodel:\n  cell: lstm\n  hidden_size: 128\ntraining:\n  learning_rate: 2e-3\n";

    private static ConfigDocument Parse(string text, params string[] overrides) => ConfigDocument.Parse(text, "x.yaml", "/folder", overrides);

    private static string ErrorOf(Action read) => Assert.Throws<ConfigException>(read).Message;

    [Theory]
    [InlineData("", "x.yaml: the file is empty; expected a YAML mapping of keys to values")]
    [InlineData("# only a comment\n", "x.yaml: the file is empty; expected a YAML mapping of keys to values")]
    [InlineData("\n- 1\n- 2\n", "x.yaml:2: expected a YAML mapping of keys to values, got a list")]
    [InlineData("word", "x.yaml:1: expected a YAML mapping of keys to values, got \"word\"")]
    [InlineData("a: 1\nb: 2\na: 3\n", "x.yaml:3: a: given twice (first on line 1)")]
    [InlineData("model:\n  cell: gru\n  cell: gru\n", "x.yaml:3: model.cell: given twice (first on line 2)")]
    [InlineData("model:\n\tcell: gru\n", "x.yaml:2: a tab in the indentation; YAML is indented with spaces")]
    [InlineData("model:\n  cell: gru\n\tsize: 3\n", "x.yaml:3: a tab in the indentation; YAML is indented with spaces")]
    [InlineData("a: 1\n---\nb: 2\n", "x.yaml:2: a second document starts here; expected one")]
    [InlineData("a: &x 1\nb: *x\n", "x.yaml:2: b: the alias *x is not supported; write the value out")]
    [InlineData("a: !!int 1\n", "x.yaml:1: a: the tag tag:yaml.org,2002:int is not supported")]
    [InlineData("a: 1\n[1]: 2\n", "x.yaml:2: a key must be a word, not a list, a mapping or an alias")]
    public void A_document_of_the_wrong_shape_is_reported_with_its_line(string text, string message) =>
        Assert.Equal(message, ErrorOf(() => Parse(text)));

    [Theory]
    [InlineData("a: 1\nb: [1, 2\nc: 3\n")]
    [InlineData("a: 1\nb: \"open\n")]
    [InlineData("a: 1\n  b: 2\n")]
    [InlineData("a: 1\nb: {x: 1\n")]
    [InlineData("a: 1\n@b: 1\n")]
    [InlineData("a: 1\nb: *\n")]
    [InlineData("a: 1\nb: [!!,==?]b\n")]
    public void Malformed_yaml_is_reported_in_one_line_with_a_line_number(string text)
    {
        var message = ErrorOf(() => Parse(text));
        Assert.Matches(@"^x\.yaml:[1-4]: malformed YAML: \S.*\z", message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Nesting_without_end_is_an_error_and_not_a_stack_overflow()
    {
        Assert.Contains("nested deeper than", ErrorOf(() => Parse("a: " + new string('[', 500) + new string(']', 500))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_a_folder_and_a_binary_file_are_named()
    {
        using var folder = new TemporaryFolder();
        var missing = folder.File("none.yaml");
        Assert.Equal($"{missing}: no such file", ErrorOf(() => ConfigDocument.Load(missing)));
        Assert.Equal($"{folder.Path}: this is a folder; expected a YAML file", ErrorOf(() => ConfigDocument.Load(folder.Path)));
        Assert.Equal(": no such file", ErrorOf(() => ConfigDocument.Load("")));

        var binary = folder.File("binary.yaml");
        File.WriteAllBytes(binary, [0x61, 0xFF, 0xFE]);
        Assert.Equal($"{binary}: this is not UTF-8 text; expected YAML", ErrorOf(() => ConfigDocument.Load(binary)));
        File.WriteAllBytes(binary, [0x61, 0x3A, 0x00, 0x01]);
        Assert.Equal($"{binary}: this is a binary file; expected YAML", ErrorOf(() => ConfigDocument.Load(binary)));
        File.WriteAllBytes(binary, new byte[(1 << 20) + 1]);
        Assert.Contains("too many for a configuration", ErrorOf(() => ConfigDocument.Load(binary)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_with_a_byte_order_mark_and_carriage_returns_is_read()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("x.yaml");
        File.WriteAllBytes(path, [0xEF, 0xBB, 0xBF, .. "seed: 3\r\nname: a\r\n"u8]);
        var root = ConfigDocument.Load(path).Root;
        Assert.Equal(3, root.Integer("seed", 0));
        Assert.Equal("a", root.RequiredText("name"));
    }

    [Fact]
    public void Overrides_replace_values_in_order_and_create_missing_sections()
    {
        var root = Parse(Sample, "model.hidden_size=512", "evaluation.every=10", "model.hidden_size=256", "sampling={length: 5, prompt: 'a b'}").Root;
        Assert.Equal(256, root.Section("model").Integer("hidden_size", 1));
        Assert.Equal("lstm", root.Section("model").RequiredText("cell"));
        Assert.Equal(10, root.Section("evaluation").Integer("every", 1));
        Assert.Equal(5, root.Section("sampling").Integer("length", 1));
        Assert.Equal("a b", root.Section("sampling").RequiredText("prompt"));
    }

    [Fact]
    public void An_override_is_a_plain_scalar_unless_it_starts_as_a_flow_value_or_a_quote()
    {
        var root = Parse("{}", "a=x: y # z", "b=[1, .5]", "c=\"1\"", "d=", "e=k=v").Root;
        Assert.Equal("x: y # z", root.RequiredText("a"));
        Assert.Equal([1, .5], root.Numbers("b"));
        Assert.Equal("1", root.RequiredText("c"));
        Assert.True(root.Has("d"));
        Assert.Null(root.OptionalText("d"));
        Assert.Equal("k=v", root.RequiredText("e"));
    }

    [Theory]
    [InlineData("seed", "command line: seed: expected key=value or section.key=value")]
    [InlineData("=3", "command line: =3: expected key=value or section.key=value")]
    [InlineData("model..x=3", "command line: model..x=3: expected key=value or section.key=value")]
    [InlineData("a b=3", "command line: a b=3: expected key=value or section.key=value")]
    [InlineData("seed.x=3", "command line: seed.x=3: seed is 3, not a section")]
    public void A_malformed_override_is_reported(string argument, string message) => Assert.Equal(message, ErrorOf(() => Parse(Sample, argument)));

    [Theory]
    [InlineData("a={x: 1")]
    [InlineData("a=[1, 2")]
    [InlineData("a='open")]
    [InlineData("a=[1] 2")]
    public void A_malformed_flow_value_of_the_command_line_is_reported(string argument) =>
        Assert.StartsWith($"command line: {argument}: malformed value: ", ErrorOf(() => Parse(Sample, argument)), StringComparison.Ordinal);
}
