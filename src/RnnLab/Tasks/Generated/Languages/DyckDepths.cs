namespace RnnLab.Tasks;

/// <summary>How deep the strings of <see cref="DyckTask"/> stand after a bracket, exactly.</summary>
/// <param name="BelowMostAfterOpening">P(depth &lt; m) after an opening bracket.</param>
/// <param name="InsideAfterClosing">P(depth &gt; 0) after a closing bracket.</param>
internal sealed record DyckDepths(double BelowMostAfterOpening, double InsideAfterClosing)
{
    /// <summary>The probability that the next bracket opens.</summary>
    /// <param name="depth">The depth before it.</param>
    /// <param name="most">m, the greatest depth.</param>
    /// <param name="left">Brackets of the string that are left, this one among them.</param>
    public static double Opening(int depth, int most, int left) => depth == 0 ? 1 : depth == most || depth == left ? 0 : 0.5;

    /// <summary>Those of strings whose half lengths are all alike in a range.</summary>
    public static DyckDepths Of((int From, int To) halves, int most)
    {
        // Sums over all lengths: strings of greater length have more brackets, each of which counts.
        var (opened, below, closed, inside) = (0.0, 0.0, 0.0, 0.0);
        for (var half = halves.From; half <= halves.To; half++)
        {
            var at = new double[Math.Min(most, half) + 2];
            at[0] = 1;
            for (var left = 2 * half; left > 0; left--)
            {
                var next = new double[at.Length];
                for (var depth = 0; depth < at.Length; depth++)
                {
                    if (at[depth] == 0)
                        continue;
                    var opening = at[depth] * Opening(depth, most, left);
                    var closing = at[depth] - opening;
                    (opened, closed) = (opened + opening, closed + closing);
                    below += depth + 1 < most ? opening : 0;
                    inside += depth > 1 ? closing : 0;
                    next[depth + 1] += opening;
                    if (depth > 0)
                        next[depth - 1] += closing;
                }
                at = next;
            }
        }
        return new(below / opened, inside / closed);
    }
}
