namespace RnnLab.Tests.Support;

/// <summary>The data of theories that hold for every combination.</summary>
internal static class Each
{
    public static TheoryData<T1, T2> Of<T1, T2>(IEnumerable<T1> first, IReadOnlyCollection<T2> second)
    {
        var all = new TheoryData<T1, T2>();
        foreach (var x in first)
            foreach (var y in second)
                all.Add(x, y);
        return all;
    }

    public static TheoryData<T1, T2, T3> Of<T1, T2, T3>(IEnumerable<T1> first, IReadOnlyCollection<T2> second, IReadOnlyCollection<T3> third)
    {
        var all = new TheoryData<T1, T2, T3>();
        foreach (var x in first)
            foreach (var y in second)
                foreach (var z in third)
                    all.Add(x, y, z);
        return all;
    }
}
