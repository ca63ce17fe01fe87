using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Generated;

/// <summary>What holds for each classical task.</summary>
public sealed class ClassicalTasksTests
{
    public static TheoryData<string, string?> Tasks()
    {
        var data = new TheoryData<string, string?>();
        foreach (var kind in ClassicalTasks.All)
            data.Add(kind.Name, null);
        data.Add("adding", "1997");
        data.Add("anbn", "symbol");
        data.Add("anbncn", "symbol");
        return data;
    }

    [Theory, MemberData(nameof(Tasks))]
    public void An_example_is_a_function_of_the_seed_and_its_number(string name, string? form)
    {
        var (task, again, other) = (Make(name, form, 3), Make(name, form, 3), Make(name, form, 4));
        // Backwards the second time: nothing is consumed.
        foreach (var i in Enumerable.Range(0, 20).Reverse())
            Assert.Equal(Text(task.Training[i]), Text(again.Training[i]));
        Assert.NotEqual(task.Training.First(20).Select(Text), other.Training.First(20).Select(Text));
        Assert.Equal(task.Evaluation.SelectMany(set => set.Examples.First(5)).Select(Text), again.Evaluation.SelectMany(set => set.Examples.First(5)).Select(Text));
    }

    [Theory, MemberData(nameof(Tasks))]
    public void Examples_have_the_form_that_is_promised(string name, string? form)
    {
        var task = Make(name, form, 3);
        foreach (var example in task.Training.First(10).Concat(task.Evaluation.SelectMany(set => set.Examples.First(5))))
        {
            Check(example.Input, task.Shape.Input);
            Check(example.Target, task.Shape.Target);
            Assert.Equal(task.Shape.Place == TargetPlace.Sequence ? 1 : example.Input.Length, example.Target.Length);
            Assert.True(example.Weights is null || example.Weights.Length == example.Target.Length);
        }
        Assert.True(task.InputVocabulary is null || task.InputVocabulary.Size == task.Shape.Input.Size);
        Assert.Equal(task.Shape.Target.Kind == ValueKind.Tokens, task.TargetVocabulary?.Size == task.Shape.Target.Size);
        Assert.All(task.Baselines, baseline => Assert.True(baseline.Loss > 0));
        Assert.Equal("validation", task.Evaluation[0].Name);
        Assert.NotNull(task.Evaluation[0].Examples.Count);
        Assert.StartsWith(name, task.Description, StringComparison.Ordinal);
        Assert.NotEmpty(task.NewMetrics());
    }

    [Theory]
    [InlineData("temporal_order", 20, 2000)]
    [InlineData("parity", 12, 3000)]
    [InlineData("right_context", 6, 3000)]
    [InlineData("dyck", 12, 3000)]
    [InlineData("copy", 4, 4000)]
    public void No_input_of_the_validation_part_is_trained_on(string name, int length, int enough)
    {
        (string, object)[] settings = name switch
        {
            "copy" => [("items", length), ("delay", 3), ("symbols", 5)],
            "parity" => [("length", length), ("min_length", length)],
            _ => [("length", length)],
        };
        var task = Find(name).Make([.. settings, ("validation_examples", 200)]);
        var held = task.Evaluation[0].Examples.All().Select(InputText).ToHashSet();
        Assert.DoesNotContain(task.Training.First(enough), example => held.Contains(InputText(example)));
    }

    [Fact]
    public void Too_few_different_examples_for_two_parts_are_an_error()
    {
        var task = ParityTask.Kind.Make(("length", 3), ("min_length", 3), ("validation_examples", 500));
        Assert.Contains("too few different examples", Assert.Throws<UserException>(() => task.Training[0]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_finite_training_part_has_an_end()
    {
        var task = AddingTask.Kind.Make(("examples", 7));
        Assert.Equal(7, task.Training.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => task.Training[7]);
        Assert.Null(AddingTask.Kind.Make().Training.Count);
    }

    [Theory]
    [InlineData("adding", "length", 21, "variant", "1997", "at least 22")]
    [InlineData("anbn", "test_n", 5, "n", 10, "less than n, 10")]
    [InlineData("dyck", "test_length", 41, "length", 40, "at least length + 2, 42")]
    [InlineData("parity", "min_length", 9, "length", 8, "more than length, 8")]
    [InlineData("right_context", "distance", 8, "length", 8, "not less than length, 8")]
    public void Settings_that_do_not_fit_each_other_are_one_clear_line(string name, string setting, object value, string other, object otherValue, string message)
    {
        var error = Assert.Throws<UserException>(() => Find(name).Make((setting, value), (other, otherValue)));
        Assert.StartsWith($"x.yaml:1: task.{setting}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_least_settings_make_a_task()
    {
        Assert.Equal(2, LongLagTask.Kind.Make(("lag", 2)).Training[0].Input.Length);
        Assert.Equal(3, CopyTask.Kind.Make(("delay", 1), ("items", 1), ("symbols", 2), ("validation_examples", 1)).Training[0].Input.Length);
        Assert.Equal(2, AddingTask.Kind.Make(("length", 2)).Training[0].Input.Length);
        Assert.Equal(2, DyckTask.Kind.Make(("length", 2), ("depth", 1), ("validation_examples", 1)).Training[0].Input.Length);
        Assert.Equal(3, CountingTask.ContextFree.Make(("n", 1), ("test_n", 1)).Training[0].Input.Length);
        Assert.True(TemporalOrderTask.Kind.Make(("length", 20), ("relevant", 3)).Training[0].Input.Length is 20 or 21 or 22);
    }

    private static TaskKind Find(string name) => ClassicalTasks.All.Single(kind => kind.Name == name);

    private static ExampleTask Make(string name, string? form, ulong seed)
        => Find(name).MakeWithSeed(seed, form is null ? [] : [(name == "adding" ? "variant" : "target", form)]);

    private static void Check(StepValues values, ValueShape shape)
    {
        Assert.True(values.Length > 0);
        if (values is TokenSteps tokens)
            Assert.All(tokens.Values, token => Assert.InRange(token, 0, shape.Size - 1));
        else
            Assert.Equal(shape.Size, ((RealSteps)values).Width);
        Assert.Equal(shape.Kind == ValueKind.Tokens, values is TokenSteps);
        if (shape.Kind == ValueKind.Bits)
            Assert.All(((RealSteps)values).Values, bit => Assert.True(bit is 0 or 1));
    }

    private static string Text(Example example) => $"{InputText(example)} > {Text(example.Target)}";

    private static string InputText(Example example) => Text(example.Input);

    private static string Text(StepValues values) => values is TokenSteps tokens ? string.Join(' ', tokens.Values) : string.Join(' ', ((RealSteps)values).Values);
}
