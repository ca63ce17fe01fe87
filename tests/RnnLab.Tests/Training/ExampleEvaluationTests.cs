using RnnLab.Cells;
using RnnLab.Models;
using RnnLab.Tasks;
using RnnLab.Tests.Tasks.Generated;
using RnnLab.Training;

namespace RnnLab.Tests.Training;

public sealed class ExampleEvaluationTests
{
    // Sums of some hundred terms of order 1, in another order.
    private const double Bound = 1e-12;

    [Fact]
    public void The_loss_is_the_mean_over_all_targets_of_the_set_however_it_is_cut_into_batches()
    {
        var task = NewTask();
        using var model = NewModel(task);
        var alone = task.Evaluation[0].Examples.All().Select(example => Result(model, task, example)).ToArray();
        Assert.True(alone.Select(result => result.Scored).Distinct().Count() > 2);
        var expected = alone.Sum(result => result.LossSum) / alone.Sum(result => result.Scored);
        var right = alone.Zip(task.Evaluation[0].Examples.All()).Sum(p => p.Second.Target().Zip(p.First.Predictions[0].Tokens).Count(q => q.First == q.Second));
        foreach (var batchSize in new[] { 1, 4, 9, 100 })
        {
            var evaluation = Evaluate(model, task, batchSize);
            Assert.Equal(expected, evaluation.Loss, Bound);
            Assert.Equal(right / alone.Sum(result => result.Scored), evaluation.Measures["accuracy"], Bound);
        }
    }

    [Fact]
    public void Dropout_has_no_part_in_it_and_the_mode_is_put_back()
    {
        var task = NewTask();
        using var model = NewModel(task, dropout: 0.5);
        using var plain = NewModel(task);
        model.train();
        Assert.Equal(Evaluate(plain, task, 9).Loss, Evaluate(model, task, 9).Loss, Bound);
        Assert.True(model.training);
        model.eval();
        Evaluate(model, task, 9);
        Assert.False(model.training);
    }

    private static ExampleTask NewTask()
        => ParityTask.Kind.Make(("min_length", 1), ("length", 7), ("each_step", true), ("examples", 1), ("validation_examples", 10));

    private static SequenceModel NewModel(ExampleTask task, double dropout = 0)
        => SequenceModel.Create(task.Shape, new() { NewCell = () => new GruCell(5), Layers = 2, Dropout = dropout }, 3, ScalarType.Float64, CPU);

    private static ExampleEvaluation Evaluate(BatchModel model, ExampleTask task, int batchSize)
        => ExampleEvaluation.Of(model, task, task.Evaluation[0].Examples, batchSize, ScalarType.Float64, CPU);

    private static BatchResult Result(BatchModel model, ExampleTask task, Example example)
    {
        using var batch = Collation.Of([example], task.Shape, ScalarType.Float64, CPU);
        return model.Evaluate(batch);
    }
}
