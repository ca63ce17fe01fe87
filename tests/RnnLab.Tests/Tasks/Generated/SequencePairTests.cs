using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Generated;

public sealed class SequencePairTests
{
    [Fact]
    public void Reversal_answers_from_the_end()
    {
        var task = LettersTask.Reversal.Make(("symbols", 4), ("min_length", 3), ("max_length", 9));
        var pairs = LinesOf(task);
        Assert.All(pairs, pair =>
        {
            Assert.Equal(pair.Source.Length, pair.Target.Length);
            for (var i = 0; i < pair.Source.Length; i++)
                Assert.Equal(pair.Source[i], pair.Target[^(i + 1)]);
        });
        Assert.Equal([3, 4, 5, 6, 7, 8, 9], pairs.Select(pair => pair.Source.Length).Distinct().Order());
        Assert.Equal("abcd", string.Concat(pairs.SelectMany(pair => pair.Source).Distinct().Order()));
    }

    [Fact]
    public void Sorting_answers_the_same_letters_in_order()
        => Assert.All(LinesOf(LettersTask.Sorting.Make()), pair =>
        {
            Assert.All(Enumerable.Range(1, pair.Target.Length - 1), i => Assert.True(pair.Target[i - 1] <= pair.Target[i]));
            Assert.All("abcdefghij", letter => Assert.Equal(pair.Source.Count(c => c == letter), pair.Target.Count(c => c == letter)));
            Assert.Equal(pair.Source.Length, pair.Target.Length);
        });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Addition_answers_the_sum(bool reversed)
        => Assert.All(LinesOf(IntegerAdditionTask.Kind.Make(("digits", 9), ("reverse_answer", reversed))), pair =>
        {
            var terms = pair.Source.Split('+');
            Assert.All(terms, term => Assert.Matches("^(0|[1-9][0-9]{0,8})$", term));
            var answer = reversed ? string.Concat(pair.Target.Reverse()) : pair.Target;
            Assert.Equal($"{long.Parse(terms[0]) + long.Parse(terms[1])}", answer);
        });

    [Fact]
    public void A_sum_in_the_other_order_is_in_the_same_part()
    {
        var task = IntegerAdditionTask.Kind.Make(("digits", 2));
        static string Unordered(string sum) => string.Join('+', sum.Split('+').Order(StringComparer.Ordinal));
        var validation = LinesOf(task.Evaluation[0].Examples, task).Select(pair => Unordered(pair.Source)).ToHashSet();
        Assert.DoesNotContain(LinesOf(task), pair => validation.Contains(Unordered(pair.Source)));
    }

    [Theory]
    [InlineData(0, "zero")]
    [InlineData(7, "seven")]
    [InlineData(13, "thirteen")]
    [InlineData(20, "twenty")]
    [InlineData(42, "forty-two")]
    [InlineData(100, "one hundred")]
    [InlineData(305, "three hundred five")]
    [InlineData(999, "nine hundred ninety-nine")]
    [InlineData(1000, "one thousand")]
    [InlineData(1015, "one thousand fifteen")]
    [InlineData(20_080, "twenty thousand eighty")]
    [InlineData(100_001, "one hundred thousand one")]
    [InlineData(342_018, "three hundred forty-two thousand eighteen")]
    [InlineData(999_999, "nine hundred ninety-nine thousand nine hundred ninety-nine")]
    public void Numbers_have_the_words_of_English(int number, string words) => Assert.Equal(words, NumberWords.Of(number));

    [Theory]
    [InlineData(-1)]
    [InlineData(1_000_000)]
    public void Numbers_beyond_have_none(int number) => Assert.Throws<ArgumentOutOfRangeException>(() => NumberWords.Of(number));

    [Theory]
    [InlineData("to_digits")]
    [InlineData("to_words")]
    public void Number_words_add_up_to_the_digits(string direction)
    {
        var pairs = LinesOf(NumberWordsTask.Kind.Make(("direction", direction)));
        Assert.All(pairs, pair =>
        {
            var (words, digits) = direction == "to_digits" ? pair : (pair.Target, pair.Source);
            Assert.Equal(digits, $"{Value(words)}");
        });
        Assert.Equal([1, 2, 3, 4, 5, 6], pairs.Select(pair => direction == "to_digits" ? pair.Target.Length : pair.Source.Length).Distinct().Order());
    }

    [Fact]
    public void Short_numbers_are_trained_on_although_some_are_held_out()
    {
        var task = NumberWordsTask.Kind.Make();
        Assert.InRange(LinesOf(task).Where(pair => pair.Target.Length <= 2).Select(pair => pair.Target).Distinct().Count(), 60, 99);
    }

    [Fact]
    public void A_tenth_is_held_out_whatever_is_drawn()
    {
        var held = new HeldOut(1, "test");
        Assert.InRange(Enumerable.Range(0, 20_000).Count(i => held.Has($"{i}")), 1850, 2150);
        Assert.NotEqual(Enumerable.Range(0, 100).Select(i => held.Has($"{i}")), Enumerable.Range(0, 100).Select(i => new HeldOut(2, "test").Has($"{i}")));
        var error = Assert.Throws<UserException>(() => held.Draw(() => "same", key => key, !held.Has("same")));
        Assert.Equal("task test: there are too few different examples to hold some out for validation", error.Message);
    }

    [Fact]
    public void Lengths_that_cross_are_refused()
    {
        var error = Assert.Throws<UserException>(() => LettersTask.Sorting.Make(("min_length", 11)));
        Assert.Equal("x.yaml:1: task.max_length: 10 is less than min_length, 11", error.Message);
    }

    [Fact]
    public void The_level_of_frequencies_is_the_entropy_of_symbols_and_end_marks()
    {
        // Tokens 2 2 end, 3 end: shares 2/5, 1/5, 2/5.
        var examples = new ListedExamples([new(new TokenSteps([0]), new TokenSteps([2, 2])), new(new TokenSteps([0]), new TokenSteps([3]))]);
        Assert.Equal(-(0.8 * Math.Log(0.4) + 0.2 * Math.Log(0.2)), Levels.Frequencies(examples), 1e-14);
    }

    private static List<(string Source, string Target)> LinesOf(ExampleTask task) => LinesOf(task.Training, task);

    private static List<(string Source, string Target)> LinesOf(IExamples examples, ExampleTask task)
        => [.. examples.First(1000).Select(example => task.Lines(example))];

    /// <summary>The value of English number words: hundred multiplies what stands before it, thousand all of it.</summary>
    private static int Value(string words)
    {
        string[] names =
        [
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
            "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
        ];
        var (thousands, rest) = (0, 0);
        foreach (var word in words.Split(' ', '-'))
            if (word == "thousand")
                (thousands, rest) = (rest * 1000, 0);
            else if (word == "hundred")
                rest *= 100;
            else
                rest += Array.IndexOf(names, word) is var i && i <= 20 ? i : (i - 18) * 10;
        return thousands + rest;
    }
}
