using System.Buffers.Binary;
using System.Text;
using RnnLab.Training.Safetensors;

namespace RnnLab.Tests.Safetensors;

public sealed class SafetensorsFileTests
{
    private static SafetensorsEntry Floats(string name, params float[] values) =>
        new(name, SafetensorsType.Float32, [values.Length], values.SelectMany(BitConverter.GetBytes).ToArray());

    private static byte[] FileOf(string header, int dataBytes, ulong? length = null)
    {
        var bytes = new byte[8 + Encoding.UTF8.GetByteCount(header) + dataBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length ?? (ulong)Encoding.UTF8.GetByteCount(header));
        Encoding.UTF8.GetBytes(header, bytes.AsSpan(8));
        return bytes;
    }

    private static string ErrorOf(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("x.safetensors");
        File.WriteAllBytes(path, bytes);
        var message = Assert.Throws<SafetensorsException>(() => SafetensorsFile.Read(path)).Message;
        Assert.StartsWith(path + ": ", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        return message[(path.Length + 2)..];
    }

    private static byte[] Written(IEnumerable<SafetensorsEntry> entries, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, entries, metadata);
        return stream.ToArray();
    }

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        var bytes = Written([Floats("b", 1, 2), new SafetensorsEntry("a", SafetensorsType.Bool, [], new byte[] { 1 })], new Dictionary<string, string> { ["k"] = "v" });
        var header = """{"__metadata__":{"k":"v"},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"BOOL","shape":[],"data_offsets":[8,9]}}""";
        var padded = header.PadRight((header.Length + 7) / 8 * 8);
        Assert.Equal((ulong)padded.Length, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        Assert.Equal(padded, Encoding.UTF8.GetString(bytes.AsSpan(8, padded.Length)));
        Assert.Equal([0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 1], bytes[(8 + padded.Length)..]);
    }

    [Fact]
    public void Tensors_of_every_type_and_shape_are_read_again()
    {
        var random = new Random(1);
        List<SafetensorsEntry> entries = [];
        foreach (var type in Enum.GetValues<SafetensorsType>())
        {
            foreach (var shape in (long[][])[[], [0], [3], [2, 0, 4], [2, 3, 4]])
            {
                var data = new byte[SafetensorsHeader.ByteCount(type, shape)];
                random.NextBytes(data);
                entries.Add(new SafetensorsEntry($"{type} \"{string.Join('×', shape)}\" ü", type, shape, data));
            }
        }
        using var folder = new TemporaryFolder();
        var metadata = new Dictionary<string, string> { ["format"] = "pt", ["text"] = "line\nbreak \"quoted\" 世界" };
        File.WriteAllBytes(folder.File("x"), Written(entries, metadata));
        var file = SafetensorsFile.Read(folder.File("x"));
        Assert.Equal(metadata, file.Metadata);
        Assert.Equal(entries.Count, file.Entries.Count);
        foreach (var entry in entries)
        {
            var again = file[entry.Name];
            Assert.Equal(entry.Type, again.Type);
            Assert.Equal(entry.Shape, again.Shape);
            Assert.Equal(entry.Data.ToArray(), again.Data.ToArray());
        }
        Assert.Contains("there is no tensor \"none\"", Assert.Throws<SafetensorsException>(() => file["none"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_order_in_which_tensors_are_given_does_not_matter_and_each_is_aligned()
    {
        SafetensorsEntry[] entries =
        [
            new("c", SafetensorsType.UInt8, [3], new byte[3]), Floats("b", 1), Floats("a", 2), new("d", SafetensorsType.Float64, [1], new byte[8]),
        ];
        var bytes = Written(entries);
        Assert.Equal(bytes, Written(entries.Reverse()));
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("x"), bytes);
        Assert.Equal(["d", "a", "b", "c"], SafetensorsFile.Read(folder.File("x")).Entries.Select(entry => entry.Name));
    }

    [Fact]
    public void A_file_without_tensors_is_a_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("x"), Written([]));
        Assert.Empty(SafetensorsFile.Read(folder.File("x")).Entries);
    }

    [Fact]
    public void Entries_that_contradict_themselves_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new SafetensorsEntry("a", SafetensorsType.Float32, [2], new byte[4]));
        Assert.Throws<ArgumentException>(() => new SafetensorsEntry("a", SafetensorsType.Float32, [-1], default));
        Assert.Throws<ArgumentException>(() => new SafetensorsEntry("a", SafetensorsType.UInt8, [long.MaxValue, long.MaxValue], default));
        Assert.Throws<ArgumentException>(() => new SafetensorsEntry("__metadata__", SafetensorsType.UInt8, [0], default));
        Assert.Throws<ArgumentException>(() => Written([Floats("a", 1), Floats("a", 2)]));
    }

    [Fact]
    public void A_file_cut_off_at_any_byte_is_an_error()
    {
        var bytes = Written([Floats("a", 1, 2, 3), Floats("b", 4)]);
        for (var length = 0; length < bytes.Length; length++)
        {
            var message = ErrorOf(bytes[..length]);
            Assert.Contains(length < 8 ? "no safetensors file" : "cut off", message, StringComparison.Ordinal);
        }
        Assert.Equal("3 bytes follow the last tensor", ErrorOf([.. bytes, 1, 2, 3]));
    }

    [Theory]
    [InlineData("[]      ", "the header is no JSON object")]
    [InlineData("{\"a\":   ", "the header is damaged: it is no valid JSON")]
    [InlineData("{\"a\": 3}", "the tensor \"a\": its entry is no object")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", "the tensor \"a\": expected exactly dtype, shape and data_offsets")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}}", "the tensor \"a\": expected exactly dtype, shape and data_offsets")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "the tensor \"a\": expected exactly dtype, shape and data_offsets")]
    [InlineData("{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[4],\"data_offsets\":[0,4]}}", "the tensor \"a\": the element type \"F8_E4M3\" is not supported")]
    [InlineData("{\"a\":{\"dtype\":7,\"shape\":[1],\"data_offsets\":[0,4]}}", "the tensor \"a\": the element type 7 is not supported")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", "the tensor \"a\": 4 bytes for F32 of shape (2)")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,4]}}", "the tensor \"a\": 4 bytes for U8 of shape (4611686018427387904, 4)")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", "the tensor \"a\": its shape is no list of sizes")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}", "the tensor \"a\": its shape is no list of sizes")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":1,\"data_offsets\":[0,4]}}", "the tensor \"a\": its shape is no list of sizes")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", "the tensor \"a\": its data_offsets are no begin and end")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", "the tensor \"a\": its data_offsets are no begin and end")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", "the tensor \"a\" leaves a gap before it")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[3,4]}}", "the tensor \"b\" overlaps the one before it")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "the tensor \"a\" is given twice")]
    [InlineData("{\"__metadata__\":3}", "__metadata__ is no object")]
    [InlineData("{\"__metadata__\":{\"a\":3}}", "__metadata__: \"a\" is no text")]
    [InlineData("{\"__metadata__\":{\"a\":\"x\",\"a\":\"y\"}}", "__metadata__: \"a\" is given twice")]
    [InlineData("{\"__metadata__\":{},\"__metadata__\":{}}", "__metadata__ is given twice")]
    public void A_damaged_header_is_an_error_that_says_what_is_wrong(string header, string message) => Assert.Equal(message, ErrorOf(FileOf(header, 4)));

    [Fact]
    public void What_is_no_safetensors_file_is_said_to_be_none()
    {
        Assert.Equal("this is no safetensors file: it has 0 bytes", ErrorOf([]));
        Assert.Equal("this is no safetensors file: its first eight bytes are no header length", ErrorOf(Encoding.UTF8.GetBytes("a text of some length")));
        Assert.Equal("this is no safetensors file: its first eight bytes are no header length", ErrorOf(FileOf("{}", 0, ulong.MaxValue)));
        Assert.Equal("the header is no JSON object", ErrorOf(FileOf("", 4)));
    }

    [Fact]
    public void Random_damage_is_an_error_or_a_valid_file_but_nothing_else()
    {
        var bytes = Written([Floats("a", 1, 2, 3), Floats("b", 4)], new Dictionary<string, string> { ["k"] = "v" });
        var random = new Random(2);
        using var folder = new TemporaryFolder();
        var path = folder.File("x");
        for (var round = 0; round < 2000; round++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[random.Next(bytes.Length - 16)] = (byte)random.Next(256);
            File.WriteAllBytes(path, damaged);
            try
            {
                SafetensorsFile.Read(path);
            }
            catch (SafetensorsException)
            {
            }
        }
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_named()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(folder.File("x") + ": no such file", Assert.Throws<SafetensorsException>(() => SafetensorsFile.Read(folder.File("x"))).Message);
        Assert.Equal(folder.Path + ": this is a folder", Assert.Throws<SafetensorsException>(() => SafetensorsFile.Read(folder.Path)).Message);
    }
}
