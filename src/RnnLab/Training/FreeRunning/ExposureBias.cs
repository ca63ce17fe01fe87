using RnnLab.Plots;

namespace RnnLab.Training.FreeRunning;

/// <summary>The loss after some self-generated tokens.</summary>
/// <param name="Generated">n, the tokens that the model was fed of its own.</param>
/// <param name="Nats">Mean −ln p of the true tokens that follow, the truth fed again.</param>
public sealed record ExposureRow(int Generated, double Nats);

/// <summary>
/// The exposure bias of a language model: how much worse it predicts the true continuation once it has been fed its own tokens, which it never saw under teacher forcing.
/// </summary>
/// <param name="Rows">By growing n, from n = 0: the loss with the truth alone.</param>
public sealed record ExposureBias(IReadOnlyList<ExposureRow> Rows)
{
    /// <summary>The losses by name: nats_after_0, nats_after_1, …</summary>
    public IEnumerable<(string Name, double Value)> Values() => Rows.Select(row => ($"nats_after_{row.Generated}", row.Nats));

    /// <summary>The loss over n as a curve.</summary>
    public LineSeries Series(string name) => new(name, [.. Rows.Select(row => (double)row.Generated)], [.. Rows.Select(row => row.Nats)]);
}
