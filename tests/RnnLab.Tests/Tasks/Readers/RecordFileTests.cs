using System.Security.Cryptography;
using System.Text;
using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Readers;

public sealed class RecordFileTests : DataFolder
{
    private static string[] Texts(RecordFile file) => [.. Enumerable.Range(0, file.Count).Select(file.Text)];

    [Theory]
    [InlineData("one\ntwo\n", "one|two")]
    [InlineData("one\r\ntwo", "one|two")]
    [InlineData("\uFEFFone\n\ntwo\n\n\r\n", "one||two")]
    [InlineData("naïve\n日本 😀\n", "naïve|日本 😀")]
    [InlineData("a\rb\n", "a\rb")]
    public void Lines_end_with_LF_or_CRLF_and_neither_mark_nor_trailing_lines_count(string text, string lines)
    {
        var path = Write("a.txt", text);
        foreach (var kept in new[] { long.MaxValue, 0 })
            Assert.Equal(lines.Split('|'), Texts(new(path, _ => true, kept)));
    }

    [Fact]
    public void A_large_file_gives_what_a_kept_one_gives_across_the_buffers_that_it_is_read_by()
    {
        var lines = Enumerable.Range(0, 3000).Select(i => new string((char)('a' + i % 26), i % 97) + $"é{i}").Append(new string('x', 200_000)).ToArray();
        var path = Write("a.txt", string.Join('\n', lines));
        var (kept, large) = (new RecordFile(path, _ => true), new RecordFile(path, _ => true, kept: 0));
        Assert.Equal(lines, Texts(kept));
        Assert.Equal(lines, Texts(large));
        Assert.Equal($"{path}:3001", large.Where(3000));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), large.Sha256);
        Assert.Equal(large.Sha256, kept.Sha256);
    }

    [Fact]
    public void A_large_file_that_changes_is_no_longer_read()
    {
        var path = Write("a.txt", "one\ntwo\n");
        var file = new RecordFile(path, _ => true, kept: 0);
        Assert.Equal("two", file.Text(1));
        File.WriteAllText(path, "one\ntwo three\n");
        Assert.Equal($"{path}: the file has changed since it was opened", Assert.Throws<UserException>(() => file.Text(1)).Message);
    }

    [Fact]
    public void What_is_not_UTF8_text_is_told_with_its_byte()
    {
        var path = Write("a.txt", [.. "ok\ncaf"u8, 0xE9, .. "\nb\0c\n"u8]);
        var file = new RecordFile(path, _ => true);
        Assert.Equal("this is not UTF-8 text (byte 6 of the file)", Assert.Throws<MalformedRecordException>(() => file.Text(1)).Message);
        Assert.Equal("a NUL (byte 9 of the file); expected UTF-8 text", Assert.Throws<MalformedRecordException>(() => file.Text(2)).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("\uFEFF")]
    public void An_empty_file_is_refused(string text)
        => Assert.EndsWith("a.txt: the file is empty", Assert.Throws<UserException>(() => new RecordFile(Write("a.txt", text), _ => true)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_file_is_refused()
        => Assert.Equal("nowhere.txt: no such file", Assert.Throws<UserException>(() => new RecordFile("nowhere.txt", _ => true)).Message);

    [Fact]
    public void Bytes_of_one_key_are_held_out_together_and_as_many_as_asked_for()
    {
        ulong[] keys = [.. Enumerable.Range(0, 300).Select(i => HeldOutLines.Key(Encoding.UTF8.GetBytes($"{i % 100}")))];
        var (training, validation) = HeldOutLines.Split(keys, 0.2, 5, "a.txt");
        Assert.Equal(60, validation.Length);
        Assert.Empty(training.Select(i => i % 100).Intersect(validation.Select(i => i % 100)));
        Assert.Equal(Enumerable.Range(0, 300), training.Concat(validation).Order());
        Assert.Equal(validation, HeldOutLines.Split(keys, 0.2, 5, "a.txt").Validation);
        Assert.NotEqual(validation, HeldOutLines.Split(keys, 0.2, 6, "a.txt").Validation);
        Assert.Throws<UserException>(() => HeldOutLines.Split([7, 7], 0.5, 5, "a.txt"));
    }
}
