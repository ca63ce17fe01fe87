using RnnLab.Experiments.Runs;

namespace RnnLab.Tests.Runs;

public sealed class AtomicFileTests
{
    [Fact]
    public void A_file_is_replaced_whole()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.txt");
        AtomicFile.WriteText(path, "a long first text");
        AtomicFile.WriteText(path, "zweiter ü");
        Assert.Equal("zweiter ü"u8.ToArray(), File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_failure_while_writing_leaves_the_old_file_and_no_temporary_one()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.txt");
        AtomicFile.WriteText(path, "old");
        var failure = Assert.Throws<RunException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new IOException("No space left on device : '" + path + ".tmp'");
        }));
        Assert.Equal(path + ": cannot be written: No space left on device", failure.Message);
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, _ => throw new InvalidOperationException()));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void What_a_killed_process_left_is_replaced()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.txt");
        File.WriteAllText(path + ".tmp", "half a text that is longer than the new one");
        AtomicFile.WriteText(path, "new");
        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_second_writer_of_the_same_file_is_refused_and_does_no_harm()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.txt");
        AtomicFile.Write(path, stream =>
        {
            stream.Write("first"u8);
            Assert.Throws<RunException>(() => AtomicFile.WriteText(path, "second"));
        });
        Assert.Equal("first", File.ReadAllText(path));
    }

    [Fact]
    public void A_path_that_cannot_be_written_is_one_clear_line()
    {
        using var folder = new TemporaryFolder();
        var missing = folder.File("none/a.txt");
        Assert.Equal(missing + ": cannot be written: no such folder", Assert.Throws<RunException>(() => AtomicFile.WriteText(missing, "")).Message);
        Assert.Equal(folder.Path + ": cannot be written: it is a folder", Assert.Throws<RunException>(() => AtomicFile.WriteText(folder.Path, "")).Message);
    }
}
