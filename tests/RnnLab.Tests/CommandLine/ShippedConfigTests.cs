using RnnLab.Experiments;
using RnnLab.Tasks;
using RnnLab.Training;

namespace RnnLab.Tests.CommandLine;

/// <summary>The configs that come with the repository.</summary>
public sealed class ShippedConfigTests : IDisposable
{
    private static readonly string Folder = FindFolder();
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Configs
        => [.. Directory.EnumerateFiles(Folder, "*.yaml", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Configs))]
    public void It_begins_with_a_comment_on_what_it_is(string config)
        => Assert.Matches(@"\A# \S.+", File.ReadLines(Path.Combine(Folder, config)).First());

    [Theory]
    [MemberData(nameof(Configs))]
    public void Its_model_can_be_made_and_trained(string config)
    {
        var shipped = ExperimentConfig.Load(Path.Combine(Folder, config));
        Assert.Equal(Path.GetFileNameWithoutExtension(config), shipped.Name);
        if (shipped.Task is ExampleTaskConfig { Kind.Settings: var settings } && settings.OfType<FileSetting>().Any(setting => setting.Required))
            return;
        using var experiment = Experiment.Create(ExperimentConfig.Load(Path.Combine(Folder, config), ["training.batch_size=2", .. Smaller(shipped.Task)]));
        var optimizer = experiment.Config.Training.Optimizer.Create(experiment.Module.named_parameters());
        using var trainer = experiment.NewTrainer(optimizer);
        Assert.Equal(1, trainer.Advance().Step);
        var measure = Assert.Single(trainer.Read());
        Assert.True(double.IsFinite(measure.Loss) && measure.GradNorm > 0);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Less data: a text of its own, fewer examples to validate on.</summary>
    private IEnumerable<string> Smaller(TaskConfig task)
    {
        if (task is TextTaskConfig)
        {
            File.WriteAllText(_folder.File("text.txt"), string.Concat(Enumerable.Repeat("a text that is long enough for a few chunks\n", 50)));
            yield return $"task.text={_folder.File("text.txt")}";
        }
        else if (((ExampleTaskConfig)task).Kind.Settings.Any(setting => setting.Name == "validation_examples"))
        {
            yield return "task.validation_examples=5";
        }
    }

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "RnnLab.sln")))
                return Path.Combine(folder.FullName, "experiments");
        throw new DirectoryNotFoundException($"there is no RnnLab.sln above {AppContext.BaseDirectory}");
    }
}
