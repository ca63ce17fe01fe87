namespace RnnLab.Recurrence;

/// <summary>What one forward call of an <see cref="UntiedRnn"/> leaves for its backward: the input, h_0 and all states. One backward uses it up.</summary>
public sealed class UntiedTape : IDisposable
{
    private UntiedRnn? _owner;
    private bool _spent;
    private Tensor[] _kept = [];

    /// <summary>Frees what the tape holds.</summary>
    public void Dispose()
    {
        _spent = true;
        foreach (var tensor in _kept)
            tensor.Dispose();
        _kept = [];
    }

    internal void Record(UntiedRnn owner, Tensor x, Tensor h0, Tensor output)
    {
        if (_spent || _kept.Length > 0)
            throw new ArgumentException("a sequence needs an unused tape");
        _owner = owner;
        // Handles of the tape's own; the caller may free his.
        _kept = [.. new[] { x, h0, output }.Select(tensor => tensor.alias().DetachFromDisposeScope())];
    }

    internal (Tensor X, Tensor H0, Tensor Output) Read(UntiedRnn reader)
    {
        if (_kept is not [var x, var h0, var output])
            throw new InvalidOperationException(
                _spent ? "this tape was used by a backward or disposed; run the forward again with a new tape" : "the tape holds no sequence yet");
        return _owner == reader ? (x, h0, output) : throw new ArgumentException("this tape was recorded by another network");
    }
}
