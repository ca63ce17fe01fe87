using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Generated;

public sealed class PatternTasksTests
{
    public static TheoryData<string> Names => [.. PatternTasks.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Examples_are_of_the_shape_that_the_task_says(string name)
    {
        var task = KindOf(name).Make();
        var examples = task.Evaluation.Select(set => set.Examples).Append(task.Training).SelectMany(set => set.First(30)).ToArray();
        Assert.All(examples, example =>
        {
            Check(task.Shape.Input, example.Input);
            Check(task.Shape.Target, example.Target);
            Assert.True(example.Input.Length >= 1 && example.Target.Length >= 1);
            if (task.Shape.Place != TargetPlace.OwnSteps)
                Assert.Equal(task.Shape.Place == TargetPlace.EachStep ? example.Input.Length : 1, example.Target.Length);
            if (task.Shape.HasSingleInput)
                Assert.Equal(1, example.Input.Length);
        });
        Assert.Equal(task.Shape.Input.Kind == ValueKind.Tokens ? task.Shape.Input.Size : null, task.InputVocabulary?.Size);
        Assert.Equal(task.Shape.Target.Kind == ValueKind.Tokens ? task.Shape.Target.Size : null, task.TargetVocabulary?.Size);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_example_is_a_function_of_the_seed_and_its_number(string name)
    {
        var (one, two, other) = (OfSeed(name, 5), OfSeed(name, 5), OfSeed(name, 6));
        foreach (var part in new Func<ExampleTask, IExamples>[] { task => task.Training, task => task.Evaluation[0].Examples })
        {
            var (a, b, c) = (part(one), part(two), part(other));
            var forward = Enumerable.Range(0, 8).Select(i => Shown(a[i])).ToArray();
            var backward = Enumerable.Range(0, 8).Reverse().Select(i => Shown(b[i])).Reverse().ToArray();
            Assert.Equal(forward, backward);
            Assert.InRange(forward.Distinct().Count(), 6, 8); // a string of one letter may come twice
            Assert.NotEqual(forward, Enumerable.Range(0, 8).Select(i => Shown(c[i])));
        }
    }

    [Theory]
    [InlineData("reversal")]
    [InlineData("sorting")]
    [InlineData("integer_addition")]
    [InlineData("number_words")]
    [InlineData("date_normalization")]
    [InlineData("captions")]
    [InlineData("reviews")]
    public void Parts_share_no_input(string name)
    {
        var task = KindOf(name).Make();
        var validation = task.Evaluation[0].Examples.All().Select(example => Shown(example.Input)).ToHashSet();
        Assert.DoesNotContain(task.Training.First(1500), example => validation.Contains(Shown(example.Input)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_kind_states_its_definition_and_its_defaults_are_in_range(string name)
    {
        var kind = KindOf(name);
        Assert.Same(kind, Assert.Single(PatternTasks.All, other => other.Name == name));
        Assert.NotEmpty(kind.Definition);
        Assert.All(kind.Settings.OfType<IntegerSetting>(), setting => Assert.InRange(setting.Default, setting.Min, setting.Max));
        Assert.All(kind.Settings.OfType<NumberSetting>(), setting => Assert.InRange(setting.Default, setting.Min, setting.Max));
        Assert.All(kind.Settings.OfType<WordSetting>(), setting => Assert.Contains(setting.Default, setting.Allowed));
        Assert.Distinct(kind.Settings.Select(setting => setting.Name));
        var task = kind.Make();
        Assert.NotEmpty(task.Baselines);
        Assert.All(task.Baselines, baseline => Assert.InRange(baseline.Loss, 1e-6, 10));
        Assert.Contains(name, task.Description);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Lines_of_pairs_become_tokens_without_the_task(string name)
    {
        var (kind, task) = (KindOf(name), KindOf(name).Make());
        Assert.Equal(task.Shape is { Input.Kind: ValueKind.Tokens, Place: TargetPlace.OwnSteps }, kind.Text is not null);
        if (kind.Text?.Invoke(kind.Values(3), null) is not { } text)
            return;
        var (source, target) = task.Lines(task.Training[0]);
        Assert.Equal(task.Training[0].Input(), text.Input.Encode(text.Split(source), "test"));
        Assert.Equal(task.Training[0].Target(), text.Target.Encode(text.Split(target), "test"));
        Assert.Equal(target, text.Join(text.Split(target)));
    }

    [Fact]
    public void A_finite_training_part_has_as_many_examples_as_the_setting_says()
    {
        var task = LettersTask.Reversal.Make(("examples", 7), ("validation_examples", 3));
        Assert.Equal((7, 3), (task.Training.Count, task.Evaluation[0].Examples.Count));
        Assert.Throws<ArgumentOutOfRangeException>(() => task.Training[7]);
        Assert.Null(LettersTask.Reversal.Make().Training.Count);
        Assert.Equal(7, Lorenz.Kind.Make(("examples", 7)).Training.Count);
    }

    private static TaskKind KindOf(string name) => PatternTasks.All.First(kind => kind.Name == name);

    private static ExampleTask OfSeed(string name, ulong seed) => KindOf(name).MakeWithSeed(seed);

    private static void Check(ValueShape shape, StepValues values)
    {
        if (shape.Kind == ValueKind.Tokens)
            Assert.All(Assert.IsType<TokenSteps>(values).Values, token => Assert.InRange(token, 0, shape.Size - 1));
        else
        {
            Assert.Equal(shape.Size, Assert.IsType<RealSteps>(values).Width);
            Assert.All(((RealSteps)values).Values, value => Assert.True(double.IsFinite(value)));
        }
    }

    private static string Shown(Example example) => $"{Shown(example.Input)} -> {Shown(example.Target)}";

    private static string Shown(StepValues values)
        => string.Join(' ', values is TokenSteps tokens ? tokens.Values : ((RealSteps)values).Values.Select(BitConverter.DoubleToInt64Bits));
}
