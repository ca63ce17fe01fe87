using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Readers;

public sealed class PianoRollsTests : DataFolder
{
    private static readonly TaskKind Kind = PianoRolls.Kind;

    private static int[] Notes(ReadOnlySpan<double> bits)
    {
        Assert.Equal(88, bits.Length);
        return [.. bits.ToArray().Select((bit, i) => (bit, i)).Where(p => p.bit == 1).Select(p => p.i + 21)];
    }

    [Fact]
    public void The_target_is_the_next_steps_notes()
    {
        var task = Task(Kind, ("file", Write("a.json", "\uFEFF{\"train\": [[[60, 64], [], [108, 21, 21]], [[30], [31]]], \"valid\": [[[60], [62]]], \"test\": [[[60], [62]]]}")));
        Assert.Equal(2, task.Training.Count);
        Assert.Equal(["validation", "test"], task.Evaluation.Select(part => part.Name));
        var (input, target) = ((RealSteps)task.Training[0].Input, (RealSteps)task.Training[0].Target);
        Assert.Equal((2, 2), (input.Length, target.Length));
        Assert.Equal([60, 64], Notes(input.At(0)));
        Assert.Empty(Notes(input.At(1)));
        Assert.Empty(Notes(target.At(0)));
        Assert.Equal([21, 108], Notes(target.At(1)));
        Assert.Equal(new TaskShape(new(ValueKind.Bits, 88), new(ValueKind.Bits, 88), TargetPlace.EachStep) { IsCausal = true }, task.Shape);
    }

    [Fact]
    public void The_baseline_is_each_notes_frequency()
    {
        var task = Task(Kind, ("file", Write("a.json", "{\"train\": [[[60], [60], [60], [62]]], \"valid\": [[[61], [60.0], [70]]]}")));
        // Of 3 targets: note 60 in two, 62 in one; (2 + 1)/5, (1 + 1)/5, the others 1/5.
        var silent = 86 * -Math.Log(0.8);
        var first = -Math.Log(0.6) - Math.Log(0.6) + silent;
        var second = -Math.Log(0.4) - Math.Log(0.6) + silent + Math.Log(0.8) - Math.Log(0.2);
        Assert.Equal((first + second) / 2, Assert.Single(task.Baselines).Loss, 10);
    }

    [Theory]
    [InlineData("", "a.json: the file is empty")]
    [InlineData("[]", "a.json: expected {\"train\": …, \"valid\": …, \"test\": …}")]
    [InlineData("{\"train\":\n [[[60]", "a.json:2: this is not JSON (byte 7 of the line)")]
    [InlineData("{\"train\": [[[60],[61]]]}", "a.json: expected pieces in \"valid\", it is not there")]
    [InlineData("{\"train\": []}", "a.json: there are no pieces in train")]
    [InlineData("{\"train\": 1}", "a.json: train: expected an array of pieces")]
    [InlineData("{\"train\": [[[60],[61]], [[60]]]}", "a.json: train[1]: expected two steps or more, this piece has 1")]
    [InlineData("{\"train\": [[[60],[20]]]}", "a.json: train[0]: step 1: expected a note from 21 to 108, this is 20")]
    [InlineData("{\"train\": [[[60],[60.5]]]}", "a.json: train[0]: step 1: expected a note from 21 to 108, this is 60.5")]
    [InlineData("{\"train\": [[[60], 61]]}", "a.json: train[0]: step 1: expected an array of notes")]
    [InlineData("{\"train\": [[[60],[61],[62],[63]]]}", "a.json: train[0]: a piece of 4 steps is over max_length 3")]
    public void Bad_files_are_told_with_the_piece(string text, string refusal) => Assert.Equal(refusal, Refusal(Kind, ("file", Write("a.json", text)), ("max_length", 3L)));

    [Fact]
    public void Malformed_pieces_can_be_skipped()
    {
        var task = Task(Kind, ("file", Write("a.json", "{\"train\": [[[60],[61]], [[60]]], \"valid\": [[[10],[60]], [[60],[62]]]}")), ("skip_malformed", true));
        Assert.Equal((2, 1), (task.Record!.Skipped, task.Training.Count));
        Assert.EndsWith(", 2 malformed skipped", task.Description, StringComparison.Ordinal);
    }
}
