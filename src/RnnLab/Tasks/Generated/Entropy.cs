namespace RnnLab.Tasks;

/// <summary>Entropies, in nats.</summary>
internal static class Entropy
{
    /// <summary>−p ln p − (1 − p) ln(1 − p) of a bit that is 1 with probability p.</summary>
    public static double OfBit(double p) => Term(p) + Term(1 - p);

    private static double Term(double p) => p > 0 ? -p * Math.Log(p) : 0;
}
