using System.Text;

namespace RnnLab.Tests.CommandLine;

/// <summary>Texts that cannot be trained on, scored or continued.</summary>
public sealed class BadTextTests(CompleteRun run) : IClassFixture<CompleteRun>
{
    public static TheoryData<string, byte[], string> Texts => new()
    {
        { "empty", [], "bad.txt: the text is empty" },
        { "a byte order mark alone", [0xEF, 0xBB, 0xBF], "bad.txt: the text is empty" },
        { "binary", [.. "some text"u8, 0, 1, 2], "bad.txt: this is a binary file (a NUL at character 9); expected UTF-8 text" },
        { "Latin-1", [.. "caf"u8, 0xE9, .. " au lait"u8], "bad.txt: this is not UTF-8 text (byte 3); convert it or name another file" },
        { "UTF-16", Encoding.Unicode.GetPreamble(), "bad.txt: this is not UTF-8 text (byte 0); convert it or name another file" },
        { "one character", [.. "x"u8], "bad.txt: the text is too short" },
        { "too short", [.. "thirty-two characters are needed"u8], "bad.txt: the text is too short: 27 characters to train on, batch_size 4 × k1 8 = 32 are needed" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_text_is_refused(string _, byte[] text, string message)
    {
        File.WriteAllBytes(run.Experiment.PathOf("bad.txt"), text);
        Refused(message, "task.text=bad.txt");
    }

    [Fact]
    public void A_text_that_leaves_nothing_to_validate_on_is_refused()
    {
        File.WriteAllText(run.Experiment.PathOf("bad.txt"), new string('x', 100));
        Refused(
            "bad.txt: the text is too short for its validation_fraction: 1 characters to validate on, 2 are needed",
            "task.text=bad.txt", "task.validation_fraction=0.001");
    }

    [Fact]
    public void A_missing_text_is_refused() => Refused("nowhere.txt: no such text file or folder", "task.text=nowhere.txt");

    [Fact]
    public void A_folder_without_texts_is_refused()
    {
        Directory.CreateDirectory(run.Experiment.PathOf("empty"));
        Refused("empty: no file here ends in .cs, .cpp, .md, .yaml, .txt", "task.text=empty");
    }

    [Theory]
    [InlineData("prompt:1: characters that the model was not trained on: '!' 'Q'; it knows ", "--prompt", "the Quick!")]
    [InlineData("prompt:2: characters that the model was not trained on: U+0009", "--prompt", "the\n\tfox")]
    [InlineData("--prompt: expected at least one character", "--prompt", "")]
    [InlineData("--length 0: expected a positive integer", "--length", "0")]
    [InlineData("--temperature -1: expected a number of at least 0", "--temperature=-1")]
    [InlineData("--temperature NaN: expected a number of at least 0", "--temperature", "NaN")]
    [InlineData("--top-k -1: expected an integer of at least 0", "--top-k=-1")]
    [InlineData("--device gpu: expected cpu, cuda or cuda:N", "--device", "gpu")]
    public void A_sample_is_refused(string message, params string[] options)
        => Assert.Equal("", run.Experiment.Call(["sample", run.Path, .. options]).RefusedWith(message).Output);

    [Theory]
    [InlineData("nowhere.txt: no such text file or folder", "--text", "nowhere.txt")]
    [InlineData("unseen.txt:1: characters that the model was not trained on: '&' '{' '}'; it knows ", "--text", "unseen.txt")]
    [InlineData("one.txt: the text is too short: 1 characters, 2 are needed", "--text", "one.txt")]
    [InlineData("--batch-size 0: expected a positive integer", "--batch-size", "0")]
    public void An_evaluation_is_refused(string message, params string[] options)
    {
        File.WriteAllText(run.Experiment.PathOf("unseen.txt"), "the fox {&}\n");
        File.WriteAllText(run.Experiment.PathOf("one.txt"), "t");
        Assert.Equal("", run.Experiment.Call(["eval", run.Path, .. options]).RefusedWith(message).Output);
    }

    private void Refused(string message, params string[] overrides)
    {
        Assert.Equal("", run.Experiment.Call(["train", SmallExperiment.Config, "--runs", "more", .. overrides]).RefusedWith(message).Output);
        Assert.False(Directory.Exists(run.Experiment.PathOf("more")), "it left something behind");
    }
}
