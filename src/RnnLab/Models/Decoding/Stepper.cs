namespace RnnLab.Models.Decoding;

/// <summary>A model in the middle of saying sequences: holds the state and the tokens that it is fed next, and frees what it has made.</summary>
internal sealed class Stepper(DecodingRequest request) : IDisposable
{
    private DecoderState? _state;
    private Tensor? _tokens;

    /// <summary>Logits (R, V) of what comes next, in the caller's scope.</summary>
    public Tensor Step()
    {
        var (logits, after) = request.Decoder.Step(_tokens ?? request.First, _state ?? request.Start);
        _state?.Dispose();
        _state = after;
        return logits;
    }

    /// <summary>Sets what the next step is fed, (R), int64.</summary>
    public void Feed(Tensor tokens)
    {
        _tokens?.Dispose();
        _tokens = tokens.alias().DetachFromDisposeScope();
    }

    /// <summary>Goes on with some rows, in a new order.</summary>
    public void Select(Tensor rows)
    {
        var selected = _state!.Select(rows);
        _state.Dispose();
        _state = selected;
    }

    public void Dispose()
    {
        _state?.Dispose();
        _tokens?.Dispose();
    }
}
