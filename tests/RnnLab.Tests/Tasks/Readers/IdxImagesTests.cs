using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Readers;

public sealed class IdxImagesTests : DataFolder
{
    private static readonly TaskKind Kind = IdxImages.Kind;

    /// <summary>Images of 2 × 3: pixel k of image i is 10·i + k.</summary>
    private static byte[] Images(byte count)
        => [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 2, 0, 0, 0, 3, .. Enumerable.Range(0, count).SelectMany(i => Enumerable.Range(0, 6).Select(k => (byte)(10 * i + k)))];

    private static byte[] Labels(params byte[] labels) => [0, 0, 8, 1, 0, 0, 0, (byte)labels.Length, .. labels];

    private (string, object)[] Files(byte[] images, byte[] labels) =>
        [("images", Write("i", images)), ("labels", Write("l", labels)), ("validation_images", Write("vi", Images(1))), ("validation_labels", Write("vl", Labels(7)))];

    [Fact]
    public void Images_are_read_by_pixel_or_by_row_packed_or_not()
    {
        var task = Task(Kind, Files(Images(3), Labels(9, 7, 9)));
        Assert.Equal(new TaskShape(new(ValueKind.Reals, 1), new(ValueKind.Tokens, 2), TargetPlace.Sequence), task.Shape);
        Assert.Equal(["7", "9"], task.TargetVocabulary!.Symbols);
        Assert.Equal(Enumerable.Range(10, 6).Select(p => p / 255.0), Reals(task.Training[1].Input));
        Assert.Equal((0, 1), (Target(task.Training, 1)[0], Target(task.Training, 2)[0]));
        Assert.Equal(6, task.Training.InputLength(0));
        var rows = Task(Kind, [.. Files(Zip(Images(3)), Zip(Labels(9, 7, 9))), ("by", "row")]);
        Assert.Equal((3, 2), (rows.Shape.Input.Size, rows.Training.InputLength(0)));
        Assert.Equal(Reals(task.Training[2].Input), Reals(rows.Training[2].Input));
    }

    [Fact]
    public void The_order_of_pixels_is_one_for_all_images_and_a_function_of_the_seed()
    {
        var files = Files(Images(3), Labels(9, 7, 9));
        int[] Order(ulong seed, long image)
            => [.. Reals(Kind.Create(Values(Kind, seed, [.. files, ("permuted", true)]), null).Training[image].Input).Select(p => (int)Math.Round(p * 255) - 10 * (int)image)];
        Assert.Equal(Order(1, 0), Order(1, 2));
        Assert.Equal(Enumerable.Range(0, 6), Order(1, 0).Order());
        Assert.Contains(Enumerable.Range(2, 5), seed => !Order((ulong)seed, 0).SequenceEqual(Order(1, 0)));
        Assert.Contains(Enumerable.Range(1, 5), seed => !Order((ulong)seed, 0).SequenceEqual(Enumerable.Range(0, 6)));
    }

    [Fact]
    public void Equal_images_are_held_out_together()
    {
        byte[] images = [0, 0, 8, 3, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 1, .. Enumerable.Range(0, 40).Select(i => (byte)(i % 10))];
        var task = Task(Kind, ("images", Write("i", images)), ("labels", Write("l", Labels(new byte[40]))), ("validation_fraction", 0.3));
        var validation = task.Evaluation[0].Examples;
        Assert.Equal(12, validation.Count);
        Assert.Equal(3, Enumerable.Range(0, 12).Select(i => Reals(validation[i].Input)[0]).Distinct().Count());
    }

    [Fact]
    public void Files_that_are_not_what_they_should_be_are_refused()
    {
        Assert.Equal("l: 2 labels for the 3 images of i", Refusal(Kind, Files(Images(3), Labels(9, 7))));
        Assert.Equal("i: expected an IDX file that begins with 0x00000803, this has 0x00000801", Refusal(Kind, Files(Labels(1), Labels(9))));
        Assert.Equal("l: expected an IDX file that begins with 0x00000801, this has 0 bytes", Refusal(Kind, Files(Images(1), [])));
        Assert.Equal("i: expected 34 bytes for 3 × 2 × 3, the file has 33", Refusal(Kind, Files(Images(3)[..^1], Labels(9, 7, 9))));
        Assert.Equal("i: expected a header of 16 bytes, the file has 8", Refusal(Kind, Files(Images(3)[..8], Labels(9, 7, 9))));
        Assert.Equal("i: there is nothing in it: its sizes are 0 × 2 × 3", Refusal(Kind, Files(Images(0), Labels())));
        Assert.Equal("vl: label 7 of image 0 is not in the training part, which has 8, 9", Refusal(Kind, Files(Images(2), Labels(9, 8))));
        Assert.StartsWith("i: this gzip file is damaged", Refusal(Kind, Files([0x1F, 0x8B, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], Labels(9))), StringComparison.Ordinal);
        Assert.Equal(
            "x.yaml: task.test_images: test_images and test_labels are given together or not at all",
            Refusal(Kind, [.. Files(Images(1), Labels(7)), ("test_images", Write("t", Images(1)))]));
    }
}
