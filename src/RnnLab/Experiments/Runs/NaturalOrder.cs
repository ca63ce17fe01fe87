namespace RnnLab.Experiments.Runs;

/// <summary>Orders names by their letters and by the value of the numbers in them: step-900 before step-1000.</summary>
internal sealed class NaturalOrder : IComparer<string>
{
    public static NaturalOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> a = x, b = y;
        while (a.Length > 0 && b.Length > 0)
        {
            int digitsA = Digits(a), digitsB = Digits(b);
            if (digitsA == 0 || digitsB == 0)
            {
                if (a[0] != b[0])
                {
                    return a[0].CompareTo(b[0]);
                }
                a = a[1..];
                b = b[1..];
                continue;
            }
            ReadOnlySpan<char> numberA = a[..digitsA].TrimStart('0'), numberB = b[..digitsB].TrimStart('0');
            var order = numberA.Length != numberB.Length ? numberA.Length.CompareTo(numberB.Length) : numberA.SequenceCompareTo(numberB);
            if (order != 0)
            {
                return order;
            }
            a = a[digitsA..];
            b = b[digitsB..];
        }
        return a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(x, y);
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var count = text.IndexOfAnyExceptInRange('0', '9');
        return count < 0 ? text.Length : count;
    }
}
