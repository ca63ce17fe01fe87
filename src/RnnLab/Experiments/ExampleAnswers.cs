using System.Globalization;
using System.Text;
using RnnLab.Metrics;
using RnnLab.Models;
using RnnLab.Tasks;

namespace RnnLab.Experiments;

/// <summary>What a model says to some examples, as text.</summary>
internal static class ExampleAnswers
{
    private const int MostSteps = 40;

    /// <summary>Input, answer and target of the first examples of the validation part.</summary>
    public static string Text(BatchModel model, ExampleTask task, int count, ScalarType dtype, Device device)
    {
        var examples = task.Evaluation[0].Examples;
        var wasTraining = model.training;
        model.eval();
        try
        {
            using var scope = NewDisposeScope();
            var rows = Enumerable.Range(0, (int)Math.Min(count, examples.Count!.Value)).Select(i => examples[i]).ToArray();
            using var batch = Collation.Of(rows, task.Shape, dtype, device);
            var text = new StringBuilder();
            foreach (var (example, prediction) in rows.Zip(model.Evaluate(batch).Predictions))
                text.Append(Shown(example.Input, task.InputVocabulary, task.Text)).Append("\n    says    ").Append(Answer(prediction, task))
                    .Append("\n    target  ").Append(Shown(example.Target, task.TargetVocabulary, task.Text)).Append('\n');
            return text.ToString();
        }
        finally
        {
            model.train(wasTraining);
        }
    }

    private static string Answer(Prediction prediction, ExampleTask task)
        => Shown(
            task.Shape.Target.Kind == ValueKind.Tokens ? new TokenSteps(prediction.Tokens)
            : task.Shape.Target.Kind == ValueKind.Reals ? new RealSteps(prediction.Outputs, prediction.Width)
            : new RealSteps([.. prediction.Outputs.Select(logit => logit > 0 ? 1.0 : 0)], prediction.Width), task.TargetVocabulary, task.Text);

    private static string Shown(StepValues values, Vocabulary? vocabulary, PairText? text)
    {
        if (values is TokenSteps tokens)
        {
            var symbols = tokens.Values.Select(token => vocabulary?.Decode(token) ?? token.ToString(CultureInfo.InvariantCulture));
            return text is not null ? text.Join(symbols) : Cut([.. symbols]);
        }
        var reals = (RealSteps)values;
        return Cut([.. Enumerable.Range(0, reals.Length).Select(t => string.Join(',', reals.At(t).ToArray().Select(x => x.ToString("0.###", CultureInfo.InvariantCulture))))]);
    }

    private static string Cut(IReadOnlyList<string> steps)
        => steps.Count <= MostSteps ? string.Join(' ', steps) : $"{string.Join(' ', steps.Take(MostSteps / 2))} … {string.Join(' ', steps.TakeLast(MostSteps / 2))}";
}
