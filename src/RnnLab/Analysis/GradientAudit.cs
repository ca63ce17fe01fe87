using RnnLab.Layers;
using RnnLab.Models;
using RnnLab.Randomness;
using RnnLab.Recurrence;
using RnnLab.Tasks;

namespace RnnLab.Analysis;

/// <summary>How one parameter's hand-written gradient compares.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Largest">‖g‖∞ of the hand-written gradient.</param>
/// <param name="Autograd">d against autograd; null where that was not asked for.</param>
/// <param name="CentralDifferences">d against central differences, at the elements that were tried.</param>
/// <param name="Tried">How many elements those were.</param>
public sealed record AuditRow(string Name, IReadOnlyList<long> Shape, double Largest, double? Autograd, double CentralDifferences, int Tried)
{
    /// <summary>Whether both are within <see cref="Difference"/>'s bounds.</summary>
    public bool Holds => !(Autograd > Difference.Autograd) && Autograd is not double.NaN && CentralDifferences <= Difference.CentralDifferences;
}

/// <summary>
/// Audits whole models. Of a language model: its hand-written gradients over one window against libtorch's autograd over the same equations, and
/// against central differences of the loss. Tokens that a model was fed of its own are constants to its gradient: both checks go over the tokens that the window was fed.
/// </summary>
public static class GradientAudit
{
    /// <summary>Audits every parameter.</summary>
    /// <param name="model">A float64 model on the CPU.</param>
    /// <param name="ids">Inputs (T, B), int64.</param>
    /// <param name="targets">Targets of the last steps (T', B), T' ≤ T.</param>
    /// <param name="s0">The state before the window.</param>
    /// <param name="elements">Elements of each parameter to try by central differences, drawn at random, and the one with the largest gradient; fewer where there are fewer.</param>
    /// <param name="seed">Of that draw.</param>
    /// <param name="firstStep">The number of the window's first step, which dropout masks are a function of.</param>
    public static IReadOnlyList<AuditRow> Of(
        LanguageModel model, Tensor ids, Tensor targets, RecurrentState s0, int elements = 20, ulong seed = 1, long firstStep = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        var parameters = model.named_parameters().ToArray();
        Gradients.Zero(model.parameters());
        using (var window = (LanguageModelWindow)model.Forward(ids, s0, firstStep))
        {
            ids = window.Ids.clone();
            window.Loss(targets);
            window.Backward();
        }
        var byHand = parameters.Select(p => Gradients.Of(p.parameter).clone()).ToArray();
        Gradients.Zero(model.parameters());
        AutogradLoss(model, ids, targets, s0, firstStep).backward();
        var byAutograd = parameters.Select(p => Gradients.Of(p.parameter).clone()).ToArray();
        Gradients.Zero(model.parameters());

        return Rows(parameters, byHand, byAutograd, () => Loss(model, ids, targets, s0, firstStep), elements, seed);
    }

    /// <summary>Audits a model of examples against central differences alone, the truth fed at every step.</summary>
    /// <param name="model">A float64 model on the CPU.</param>
    /// <param name="batch">The examples.</param>
    /// <param name="elements">Elements of each parameter to try, drawn at random, and the one with the largest gradient; fewer where there are fewer.</param>
    /// <param name="seed">Of that draw.</param>
    public static IReadOnlyList<AuditRow> Of(BatchModel model, SequenceBatch batch, int elements = 20, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        var parameters = model.named_parameters().ToArray();
        Gradients.Zero(model.parameters());
        using (var pass = model.Forward(batch, PassOptions.Default))
            pass.Backward();
        var byHand = parameters.Select(p => Gradients.Of(p.parameter).clone()).ToArray();
        Gradients.Zero(model.parameters());
        return Rows(parameters, byHand, null, Loss, elements, seed);

        double Loss()
        {
            using var inner = NewDisposeScope();
            using var pass = model.Forward(batch, PassOptions.Default);
            return pass.Loss.item<double>();
        }
    }

    private static IReadOnlyList<AuditRow> Rows(
        (string name, Parameter parameter)[] parameters, Tensor[] byHand, Tensor[]? byAutograd, Func<double> loss, int elements, ulong seed)
    {
        var stream = new RandomStream(seed, "audit");
        return [.. parameters.Select((p, i) =>
        {
            using var own = NewDisposeScope();
            // The largest is always among them: d is a share of it, and a difference quotient is right to a share of the loss, not of a small element.
            var largest = byHand[i].abs().argmax().item<long>();
            long[] places = [.. Places(p.parameter.numel(), elements, stream, (ulong)i).Append(largest).Distinct().Order()];
            var byDifferences = Analysis.CentralDifferences.Of(loss, p.parameter, places);
            return new AuditRow(
                p.name, p.parameter.shape, byHand[i].abs().max().item<double>(), byAutograd is null ? null : Difference.Of(byHand[i], byAutograd[i]),
                Difference.Of(byHand[i].reshape(-1).index_select(0, tensor(places)), byDifferences), places.Length);
        })];
    }

    /// <summary>The model's loss over a window as an autograd graph: the same equations, with libtorch's backward.</summary>
    public static Tensor AutogradLoss(LanguageModel model, Tensor ids, Tensor targets, RecurrentState s0, long firstStep = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(targets);
        using var scope = NewDisposeScope();
        var x = model.Input is Embedding embedding
            ? embedding.Weight.index_select(0, ids.reshape(-1)).view(ids.shape[0], ids.shape[1], -1)
            : model.Input.Forward(ids);
        var (h, _) = AutogradUnroll.Forward(model.Rnn, x, s0, new SequenceOptions { FirstStep = firstStep });
        var scored = h.narrow(0, h.shape[0] - targets.shape[0], targets.shape[0]).reshape(-1, h.shape[2]);
        var log_p = model.Head.Bias.addmm(scored, model.Head.Weight.t()).log_softmax(1);
        var nll = log_p.gather(1, targets.reshape(-1, 1)).neg().mean();
        return (nll * model.LossScale(targets.shape[0])).MoveToOuterDisposeScope();
    }

    private static double Loss(LanguageModel model, Tensor ids, Tensor targets, RecurrentState s0, long firstStep)
    {
        using var scope = NewDisposeScope();
        using var window = model.Forward(ids, s0, firstStep, forcing: null);
        return window.Loss(targets).item<double>();
    }

    private static long[] Places(long count, int wanted, RandomStream stream, ulong @event)
    {
        if (count <= wanted)
            return [.. Enumerable.Range(0, (int)count).Select(i => (long)i)];
        var places = new SortedSet<long>();
        for (var index = 0UL; places.Count < wanted; index++)
            places.Add((long)(stream.Uniform(@event, index) * count));
        return [.. places];
    }
}
