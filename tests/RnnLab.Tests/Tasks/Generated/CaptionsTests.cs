using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Generated;

public sealed class CaptionsTests
{
    [Fact]
    public void A_caption_says_every_attribute_of_its_vector()
    {
        var seen = new HashSet<string>();
        foreach (var (vector, words) in All(CaptionsTask.Kind.Make()))
        {
            var caption = string.Join(' ', words);
            Assert.True(seen.Add(caption));
            // The ones of the five blocks, by their values' names.
            var place = 0;
            var named = CaptionGrammar.Attributes.Select(values =>
            {
                var block = vector[place..(place += values.Count)];
                Assert.Equal(1, block.Sum());
                return values[Array.IndexOf(block, 1.0)];
            }).ToArray();
            Assert.Equal(place, vector.Length);

            // there is a SIZE COLOUR SHAPE … or there are COUNT SIZE COLOUR SHAPEs …
            Assert.Equal("there", words[0]);
            var isOne = words[1] == "is";
            Assert.Equal(isOne ? "one" : words[2], named[0]);
            if (isOne)
                Assert.Equal(named[1] == "enormous" ? "an" : "a", words[2]);
            Assert.Equal((named[1], named[2]), (words[3], words[4]));
            Assert.Equal(isOne ? named[3] : named[3] == "cross" ? "crosses" : named[3] + "s", words[5]);
            Assert.Equal(named[4], string.Join(' ', words[6..]));
        }
        Assert.Equal(4 * 3 * 6 * 5 * 5, seen.Count);
    }

    [Theory]
    [InlineData(0.1, 180)]
    [InlineData(0.5, 900)]
    public void The_share_that_is_held_out_is_that_of_the_setting(double share, int held)
    {
        var task = CaptionsTask.Kind.Make(("held_out", share));
        Assert.Equal((1800 - held, held), (task.Training.Count, task.Evaluation[0].Examples.Count));
    }

    private static IEnumerable<(double[] Vector, string[] Words)> All(ExampleTask task)
        => task.Training.All().Concat(task.Evaluation[0].Examples.All())
            .Select(example => (example.RealInput(), example.Target().Select(task.TargetVocabulary!.Decode).ToArray()));
}
