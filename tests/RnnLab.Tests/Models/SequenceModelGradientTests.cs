using RnnLab.Analysis;
using RnnLab.Layers;
using RnnLab.Models;
using RnnLab.Recurrence;
using RnnLab.Tasks;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Models;

/// <summary>Every core with every readout, loss and kind of input, equal and unequal lengths: the hand-written gradients against two others.</summary>
public sealed class SequenceModelGradientTests
{
    private static readonly (TargetPlace Place, SequenceReadout? Readout)[] Readouts =
    [
        (TargetPlace.EachStep, null), (TargetPlace.Sequence, SequenceReadout.Last), (TargetPlace.Sequence, SequenceReadout.Mean), (TargetPlace.Sequence, SequenceReadout.Max),
    ];

    public static TheoryData<string> Cores => [.. SequenceProblem.Cores.Keys];

    private static IEnumerable<SequenceProblem> Problems(string core, ValueKind target, Device? device = null)
    {
        foreach (var (place, readout) in Readouts)
            foreach (var unequal in (bool[])[false, true])
            {
                // Real vectors, embedded tokens, and bits or one-hot tokens, with one loss each.
                var input = target switch { ValueKind.Tokens => ValueKind.Reals, ValueKind.Reals => ValueKind.Tokens, _ => unequal ? ValueKind.Tokens : ValueKind.Bits };
                var settings = SequenceProblem.Cores[core] with { Readout = readout, EmbeddingSize = target == ValueKind.Reals ? 3 : null };
                yield return new(settings, SequenceProblem.Shape(input, target, place), unequal, nanPadding: unequal, device);
            }
    }

    [Theory]
    [MemberData(nameof(Cores))]
    public void Gradients_equal_autograds_for_every_readout_loss_and_lengths(string core)
    {
        foreach (var target in Enum.GetValues<ValueKind>())
        {
            using var scope = NewDisposeScope();
            foreach (var problem in Problems(core, target))
                Same.Within(Difference.Autograd, problem.ByAutograd(), problem.ByHand());
        }
    }

    [Theory]
    [MemberData(nameof(Cores))]
    public void Gradients_equal_central_differences(string core)
    {
        // The losses in turn: each is a pass of its own, tested apart.
        using var scope = NewDisposeScope();
        foreach (var (problem, i) in Problems(core, ValueKind.Reals).Select((p, i) => (p, i)).Where(p => p.i % 2 == 1))
        {
            var gradients = problem.ByHand();
            var worst = SampledDifferences.Worst(problem.LossNow, problem.Model.named_parameters().Select(p => (p.name, (Tensor)p.parameter)), gradients);
            Assert.InRange(worst, 0, Difference.CentralDifferences);
        }
    }

    [Theory]
    [MemberData(nameof(Cores))]
    public void A_batch_of_unequal_sequences_gives_what_each_gives_alone(string core)
    {
        using var scope = NewDisposeScope();
        foreach (var (place, readout) in Readouts)
        {
            var problem = new SequenceProblem(
                SequenceProblem.Cores[core] with { Readout = readout }, SequenceProblem.Shape(ValueKind.Reals, ValueKind.Bits, place), unequal: true, nanPadding: true);
            problem.Model.eval();
            var (together, batch) = (problem.ByHand(), problem.Batch);
            var predictions = problem.Model.Evaluate(batch);
            var summed = together.ToDictionary(p => p.Key, p => zeros_like(p.Value));
            for (var b = 0; b < batch.Size; b++)
            {
                using var alone = Alone(batch, b, place);
                Gradients.Zero(problem.Model.parameters());
                using (var pass = problem.Model.Forward(alone, PassOptions.Default))
                {
                    pass.Backward(alone.Scored / batch.Scored);
                    summed["loss"] += pass.Loss * (alone.Scored / batch.Scored);
                }
                foreach (var (name, parameter) in problem.Model.named_parameters())
                    summed[name].add_(Gradients.Of(parameter));
                Same.Within(1e-10, tensor(problem.Model.Evaluate(alone).Predictions[0].Outputs), tensor(predictions.Predictions[b].Outputs));
            }
            Same.Within(1e-10, summed, together);
            Assert.Equal(together["loss"].item<double>(), predictions.LossSum / predictions.Scored, 12);
        }
    }

    [CudaTheory]
    [MemberData(nameof(Cores))]
    public void On_cuda_losses_and_gradients_are_the_cpus(string core)
    {
        foreach (var target in Enum.GetValues<ValueKind>())
        {
            using var scope = NewDisposeScope();
            foreach (var (here, there) in Problems(core, target).Zip(Problems(core, target, CUDA)))
            {
                here.Model.eval();
                there.Model.eval();
                Same.Within(1e-10, here.ByHand(), there.ByHand());
                Assert.Equal(here.Model.Evaluate(here.Batch).LossSum, there.Model.Evaluate(there.Batch).LossSum, 10);
            }
        }
    }

    [Fact]
    public void Gradients_of_several_passes_add_up_with_their_scales()
    {
        using var scope = NewDisposeScope();
        var problem = new SequenceProblem(SequenceProblem.Cores["window"], SequenceProblem.Shape(ValueKind.Tokens, ValueKind.Tokens, TargetPlace.EachStep), unequal: true);
        var once = problem.ByHand();
        using (var pass = problem.Model.Forward(problem.Batch, PassOptions.Default))
            pass.Backward(2.5);
        foreach (var (name, parameter) in problem.Model.named_parameters())
            Same.Within(Difference.Autograd, once[name] * 3.5, Gradients.Of(parameter));
    }

    [Fact]
    public void Bounded_tapes_give_the_same_gradients()
    {
        using var scope = NewDisposeScope();
        var shape = SequenceProblem.Shape(ValueKind.Reals, ValueKind.Reals, TargetPlace.Sequence);
        var (full, bounded) = (new SequenceProblem(SequenceProblem.Cores["gru both ways"], shape, unequal: true),
            new SequenceProblem(SequenceProblem.Cores["gru both ways"] with { TapeMemory = TapeMemory.SquareRoot }, shape, unequal: true));
        Same.Exactly("sqrt", full.ByHand(), bounded.ByHand());
    }

    [Fact]
    public void Masks_are_a_function_of_the_first_step()
    {
        using var scope = NewDisposeScope();
        var problem = new SequenceProblem(SequenceProblem.Cores["lstm"], SequenceProblem.Shape(ValueKind.Reals, ValueKind.Reals, TargetPlace.EachStep), unequal: true);
        Same.Exactly("again", problem.ByHand(firstStep: 12), problem.ByHand(firstStep: 12));
        Assert.NotEqual(problem.ByHand()["loss"].item<double>(), problem.ByHand(firstStep: 12)["loss"].item<double>());
    }

    private static SequenceBatch Alone(SequenceBatch batch, int b, TargetPlace place)
    {
        var length = batch.Lengths!.Values[b];
        Tensor Part(Tensor all, bool isOfSteps) => (isOfSteps ? all.narrow(1, b, 1).narrow(0, 0, length) : all.narrow(0, b, 1)).clone();
        var weights = Part(batch.Weights!, place == TargetPlace.EachStep);
        return new(new Example[1], Part(batch.Inputs, true), null, Part(batch.Targets, place == TargetPlace.EachStep), weights, weights.sum().item<double>());
    }
}
