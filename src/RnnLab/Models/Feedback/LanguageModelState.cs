using RnnLab.Models.Decoding;
using RnnLab.Recurrence;

namespace RnnLab.Models;

/// <summary>The state of texts that a language model is saying: that of its recurrence.</summary>
/// <param name="state">A row for each text; this object's own from then on.</param>
public sealed class LanguageModelState(RecurrentState state) : DecoderState
{
    /// <summary>The recurrence's.</summary>
    public RecurrentState State => state;

    /// <inheritdoc/>
    public override DecoderState Select(Tensor rows) => new LanguageModelState(state.Map(s => s.index_select(0, rows).DetachFromDisposeScope()));

    /// <inheritdoc/>
    public override void Dispose() => state.Dispose();
}
