using RnnLab.Analysis;

namespace RnnLab.Tests.Support;

/// <summary>Compares sets of named tensors in the gradcheck library's metric.</summary>
internal static class Same
{
    public static void Within(double bound, IReadOnlyDictionary<string, Tensor> expected, IReadOnlyDictionary<string, Tensor> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        var failures = expected.Select(p => (p.Key, Difference: Difference.Of(actual[p.Key], p.Value))).Where(p => p.Difference > bound).ToArray();
        Assert.True(failures.Length == 0, $"over {bound:g2}: {string.Join(", ", failures.Select(p => $"{p.Key} {p.Difference:g3}"))}");
    }

    public static void Within(double bound, Tensor expected, Tensor actual)
    {
        var difference = Difference.Of(actual, expected);
        Assert.True(difference <= bound, $"difference {difference:g3} over {bound:g2}");
    }

    /// <summary>Equal bit by bit, each of them.</summary>
    public static void Exactly(string what, IReadOnlyDictionary<string, Tensor> expected, IReadOnlyDictionary<string, Tensor> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        var different = expected.Keys.Where(name => !expected[name].contiguous().bytes.SequenceEqual(actual[name].contiguous().bytes)).ToArray();
        Assert.True(different.Length == 0, $"{what}: {string.Join(", ", different)}");
    }

    /// <summary>Equal bit by bit.</summary>
    public static void Exactly(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.True(expected.contiguous().bytes.SequenceEqual(actual.contiguous().bytes), "the tensors differ");
    }
}
