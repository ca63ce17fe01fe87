namespace RnnLab.Recurrence;

/// <content>How the levels are connected, whether over all rows at once or step by step.</content>
public sealed partial class RecurrentStack
{
    /// <summary>What goes from level to level, and out.</summary>
    /// <param name="x">Input rows, (N, I).</param>
    /// <param name="mask">Level k's dropout mask on rows of the level below, or null.</param>
    /// <param name="level">The outputs of level k's layers, side by side, from what they see.</param>
    /// <returns>(N, <see cref="OutputSize"/>); with one level or without connections what the top level gave.</returns>
    internal Tensor ThroughLevels(Tensor x, Func<int, Tensor, Tensor?> mask, Func<int, Tensor, Tensor> level)
    {
        var y = new Tensor[Levels];
        for (var k = 0; k < Levels; k++)
        {
            var u = k == 0 ? x : y[k - 1];
            if (mask(k, u) is { } m)
                u *= m;
            y[k] = Output(k, level(k, k == 0 ? u : Input(u, x)), k == 0 ? null : y[k - 1]);
        }
        return Whole(y);
    }

    /// <summary>The adjoint of <see cref="ThroughLevels"/>.</summary>
    /// <param name="dOutput">∂L/∂output, (N, <see cref="OutputSize"/>).</param>
    /// <param name="mask">Level k's mask in the forward.</param>
    /// <param name="level">∂L/∂ of what level k saw, from that of what it gave; null for level 0 where it is not wanted.</param>
    /// <param name="wantDx">Whether ∂L/∂x is wanted.</param>
    internal Tensor? BackThroughLevels(Tensor dOutput, Func<int, Tensor?> mask, Func<int, Tensor, Tensor?> level, bool wantDx)
    {
        // What reaches y_k: from the output, and from the level above.
        Tensor? above = null, dx = null;
        for (var k = Levels - 1; ; k--)
        {
            var dy = Connection == StackConnection.Skip ? Sum(Part(dOutput, Enumerable.Range(0, k).Sum(WidthOf), WidthOf(k)), above) : above ?? dOutput;
            var du = level(k, dy);
            if (k == 0)
                return du is null ? null : Sum(du, dx);
            if (Connection == StackConnection.Skip)
            {
                dx = wantDx ? Sum(Part(du!, WidthOf(k - 1), InputSize), dx) : null;
                du = Part(du!, 0, WidthOf(k - 1));
            }
            if (mask(k) is { } m)
                du = du! * m;
            above = Connection == StackConnection.Residual ? du! + dy : du;
        }
    }

    /// <summary>What level k ≥ 1 sees of the output below it, which dropout may have acted on, and of the stack's input.</summary>
    internal Tensor Input(Tensor below, Tensor x) => Connection == StackConnection.Skip ? cat([below, x], below.dim() - 1) : below;

    /// <summary>The output of level k from its layers' and the output below it.</summary>
    internal Tensor Output(int k, Tensor h, Tensor? below) => Connection == StackConnection.Residual && k > 0 ? h + below! : h;

    /// <summary>The stack's output from all levels'.</summary>
    internal Tensor Whole(Tensor[] y) => Connection == StackConnection.Skip && y.Length > 1 ? cat(y, y[0].dim() - 1) : y[^1];
}
