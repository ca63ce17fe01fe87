using System.Text;
using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks;

public sealed class TextCorpusTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_file_is_read_as_it_is()
    {
        Write("a.txt", "abc");
        var corpus = TextCorpus.Load(_folder.File("a.txt"));
        Assert.Equal("abc", corpus.Text());
        Assert.Equal(1, corpus.Files);
        // FIPS 180-2's own example.
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", corpus.Sha256);
    }

    [Fact]
    public void A_pair_of_surrogates_is_one_character()
    {
        Write("a.txt", "a😀b\r\n");
        var corpus = TextCorpus.Load(_folder.File("a.txt"));
        Assert.Equal([new Rune('a'), new Rune(0x1F600), new Rune('b'), new Rune('\r'), new Rune('\n')], corpus.Characters);
        Assert.Equal("a😀b\r\n", corpus.Text());
    }

    [Fact]
    public void Byte_order_marks_are_no_part_of_the_text()
    {
        Write("a.txt", "\uFEFFone ");
        Write("b.txt", "\uFEFFtwo");
        Assert.Equal("one ", TextCorpus.Load(_folder.File("a.txt")).Text());
        Assert.Equal("one two", TextCorpus.Load(_folder.Path).Text());
        Assert.Equal(TextCorpus.Of("one two", "").Sha256, TextCorpus.Load(_folder.Path).Sha256);
    }

    [Fact]
    public void A_folder_gives_its_files_of_the_kinds_asked_for_in_ordinal_order()
    {
        Write("b.md", "2");
        Write("a.cs", "1");
        Write("B.md", "0");
        Write("c/d.md", "3");
        Write("c-d.md", "4"); // '-' comes before '/'
        Write("data.bin", "not this");
        Write(".hidden/x.md", "nor this");
        Write(".x.md", "nor this");
        var corpus = TextCorpus.Load(_folder.Path, [".md", ".cs"]);
        Assert.Equal("01243", corpus.Text());
        Assert.Equal(5, corpus.Files);
        Assert.Equal("1", TextCorpus.Load(_folder.Path, [".cs"]).Text());
    }

    [GitFact]
    public void A_git_checkout_gives_the_files_that_git_tracks()
    {
        Write("b.md", "2");
        Write("a b.md", "1");
        Write("ü.md", "3");
        Write("untracked.md", "not this");
        Write("gone.md", "nor this");
        Git.In(_folder.Path, "init", "-q");
        Git.In(_folder.Path, "add", "b.md", "a b.md", "ü.md", "gone.md");
        File.Delete(_folder.File("gone.md"));
        var corpus = TextCorpus.Load(_folder.Path, [".md"]);
        Assert.Equal("123", corpus.Text());
        Assert.Equal(3, corpus.Files);
    }

    [GitFact]
    public void A_folder_within_a_checkout_gives_its_own_files()
    {
        Write("a.md", "not this");
        Write("inner/b.md", "2");
        Git.In(_folder.Path, "init", "-q");
        Git.In(_folder.Path, "add", "a.md", "inner/b.md");
        Assert.Equal("2", TextCorpus.Load(_folder.File("inner")).Text());
    }

    [Fact]
    public void What_is_no_text_is_refused()
    {
        Write("empty.txt", "");
        Write("mark.txt", "\uFEFF");
        Write("binary.txt", "ab\0c");
        File.WriteAllBytes(_folder.File("latin.txt"), [.. "caf"u8, 0xE9, (byte)'\n']);
        Assert.EndsWith("latin.txt: this is not UTF-8 text (byte 3); convert it or name another file", Error("latin.txt"), StringComparison.Ordinal);
        Assert.EndsWith("empty.txt: the text is empty", Error("empty.txt"), StringComparison.Ordinal);
        Assert.EndsWith("mark.txt: the text is empty", Error("mark.txt"), StringComparison.Ordinal);
        Assert.EndsWith("binary.txt: this is a binary file (a NUL at character 2); expected UTF-8 text", Error("binary.txt"), StringComparison.Ordinal);
        Assert.EndsWith("nowhere.txt: no such text file or folder", Error("nowhere.txt"), StringComparison.Ordinal);
        var error = Assert.Throws<UserException>(() => TextCorpus.Load(_folder.Path, [".rs"]));
        Assert.EndsWith(": no file here ends in .rs", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private string Error(string name) => Assert.Throws<UserException>(() => TextCorpus.Load(_folder.File(name))).Message;

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        File.WriteAllText(_folder.File(name), text);
    }
}
