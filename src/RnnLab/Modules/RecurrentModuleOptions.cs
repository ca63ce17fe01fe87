using RnnLab.Recurrence;

namespace RnnLab.Modules;

/// <summary>What a <see cref="RecurrentModule{TState, TResult}"/> may be told beside the arguments that TorchSharp's modules have.</summary>
public sealed record RecurrentModuleOptions
{
    /// <summary>
    /// The seed of the initial weights and of all masks. Unless it is given, one is drawn from TorchSharp's default generator, so that <c>torch.manual_seed</c> decides over
    /// these modules as over all others.
    /// </summary>
    public ulong? Seed { get; init; }

    /// <summary>How parameters start; PyTorch's way by default, U(−1/√H, 1/√H).</summary>
    public Initialization Initialization { get; init; } = Initialization.PyTorch;

    /// <summary>What acts on the recurrence in training; nothing by default.</summary>
    public RecurrentRegularization Regularization { get; init; } = RecurrentRegularization.None;

    /// <summary>What a call keeps for its backward pass; all by default.</summary>
    public TapeMemory TapeMemory { get; init; } = TapeMemory.Full;

    internal ulong DrawnSeed()
    {
        if (Seed is { } seed)
            return seed;
        using var drawn = randint(1L << 62, new long[] { 1 }, ScalarType.Int64, CPU);
        return (ulong)drawn.item<long>();
    }
}
