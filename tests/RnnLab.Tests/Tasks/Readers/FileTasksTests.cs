using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Readers;

public sealed class FileTasksTests
{
    [Fact]
    public void Names_and_settings_stand_once_in_snake_case_and_say_what_they_are()
    {
        Assert.Equal(["tsv_pairs", "labelled_text", "conllu", "csv_series", "idx_images", "cmudict", "piano_rolls"], FileTasks.All.Select(kind => kind.Name));
        foreach (var kind in FileTasks.All)
        {
            Assert.NotEmpty(kind.Definition);
            Assert.Equal(kind.Settings.Select(setting => setting.Name).Distinct(), kind.Settings.Select(setting => setting.Name));
            Assert.All(kind.Settings, setting => Assert.Matches("^[a-z_]+$", setting.Name));
            Assert.All(kind.Settings, setting => Assert.NotEmpty(setting.Meaning));
            Assert.Equal(kind.Name is "tsv_pairs" or "cmudict", kind.Text is not null);
        }
    }
}
