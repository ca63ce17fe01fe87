using static TorchSharp.torch.autograd;

namespace RnnLab.Modules;

/// <summary>
/// A module's call as one node of autograd's graph, whose backward pass is back-propagation through time as it is written by hand. Its arguments are the
/// <see cref="RecurrentCall"/> and that call's inputs.
/// </summary>
internal sealed class RecurrentFunction : MultiTensorFunction<RecurrentFunction>
{
    private const string Call = "call";

    /// <inheritdoc/>
    public override string Name => "RnnLab.Recurrence";

    /// <inheritdoc/>
    public override List<Tensor> forward(AutogradContext ctx, params object[] vars)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ArgumentNullException.ThrowIfNull(vars);
        var (call, inputs) = ((RecurrentCall)vars[0], vars[1..].Cast<Tensor>().ToList());
        // A result that the loss does not depend on comes without a gradient, and none is computed for it.
        ctx.set_materialize_grads(false);
        // Saved for what autograd does with them: it tells when one of them was changed in place before the backward pass, and when the graph is gone.
        ctx.save_for_backward(inputs);
        ctx.save_data(Call, call);
        return call.Record(inputs);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        using var scope = NewDisposeScope();
        var (call, inputs) = ((RecurrentCall)ctx.get_data(Call), ctx.get_saved_variables());
        // The mode is on where the caller asked for create_graph.
        var gradients = is_grad_enabled() ? call.BackwardInGraph(inputs, grad_outputs) : call.Backward(inputs, grad_outputs);
        return [null!, .. gradients.Select(gradient => gradient?.MoveToOuterDisposeScope()!)];
    }
}
