using RnnLab.Forcing;
using RnnLab.Models;

namespace RnnLab.Tests.Models.Feedback;

public sealed class OwnTokensTests
{
    private static long[] Drawn(double[] p, params double[] u)
    {
        using var scope = NewDisposeScope();
        return [.. OwnTokens.Drawn(tensor(p).log().unsqueeze(0).expand(u.Length, p.Length), tensor(u)).data<long>()];
    }

    [Fact]
    public void The_token_drawn_is_the_first_whose_cumulative_probability_exceeds_the_number()
        => Assert.Equal([0L, 0, 1, 1, 2, 2], Drawn([0.25, 0.25, 0.5], 0, 0.24, 0.26, 0.49, 0.51, 0.999));

    [Fact]
    public void A_token_of_no_probability_is_never_drawn_not_even_at_the_ends()
        => Assert.Equal([1L, 1, 3, 3], Drawn([0, 0.3, 0, 0.7, 0], 0, 0.299, 0.301, 1 - 1.2e-16));

    [Fact]
    public void Samples_are_as_frequent_as_they_are_likely_and_repeat()
    {
        using var scope = NewDisposeScope();
        double[] p = [0.1, 0.2, 0.7];
        var logits = tensor(p).log().to(ScalarType.Float32).unsqueeze(0).expand(20000, 3);
        var forcing = new TeacherForcing(0, Choice: FeedbackChoice.Sample, Seed: 9);
        var tokens = OwnTokens.Choose(logits, forcing, 5, 2);
        // Standard deviations of up to 65.
        for (var k = 0; k < 3; k++)
            Assert.InRange(tokens.eq(k).sum().item<long>(), 20000 * p[k] - 325, 20000 * p[k] + 325);
        Assert.Equal(0, tokens.ne(OwnTokens.Choose(logits, forcing, 7, 0)).sum().item<long>());
        Assert.NotEqual(0, tokens.ne(OwnTokens.Choose(logits, forcing, 5, 3)).sum().item<long>());
        Assert.All(OwnTokens.Choose(logits.narrow(0, 0, 50), new TeacherForcing(0), 5, 2).data<long>().ToArray(), token => Assert.Equal(2, token));
    }
}
