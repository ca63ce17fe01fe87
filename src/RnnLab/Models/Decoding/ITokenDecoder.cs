namespace RnnLab.Models.Decoding;

/// <summary>The state of sequences that a model is saying, a row each.</summary>
public abstract class DecoderState : IDisposable
{
    /// <summary>The state of some rows in a new order, rows given twice included, as beam search needs: nothing is shared with this one, and no dispose scope ends it.</summary>
    /// <param name="rows">Row numbers, int64, on the model's device.</param>
    public abstract DecoderState Select(Tensor rows);

    /// <summary>Frees it.</summary>
    public abstract void Dispose();
}

/// <summary>A model that says tokens one after another: a decoder, or a language model.</summary>
public interface ITokenDecoder
{
    /// <summary>Logits (R, V) of what follows <paramref name="tokens"/> (R), and the state after them, which no dispose scope ends. The state before is left as it is.</summary>
    (Tensor Logits, DecoderState State) Step(Tensor tokens, DecoderState state);
}
