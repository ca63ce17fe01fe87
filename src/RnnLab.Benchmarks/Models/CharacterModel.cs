using RnnLab.Benchmarks.Layers;
using RnnLab.Layers;
using RnnLab.Models;
using RnnLab.Randomness;
using RnnLab.Recurrence;
using RnnLab.Tasks;
using RnnLab.Training;
using RnnLab.Training.Optimizers;

namespace RnnLab.Benchmarks.Models;

/// <summary>
/// A character model on random text in training as `rnnlab train` does it: embedding → recurrence → linear → cross-entropy, Adam, the
/// gradient's norm clipped at 5, the state carried from chunk to chunk.
/// </summary>
internal sealed class CharacterModel : IDisposable
{
    /// <summary>V.</summary>
    public const int VocabularySize = 65;

    /// <summary>The embedding's width.</summary>
    public const int EmbeddingSize = 64;

    private const int Chunks = 16;
    private const double LearningRate = 1e-3;

    private readonly LanguageModel _model;
    private readonly Adam _optimizer;
    private readonly LanguageModelTrainer _trainer;

    public CharacterModel(string cell, ModelShape shape)
    {
        var embedding = new Embedding(VocabularySize, EmbeddingSize, seed: 1);
        var rnn = RecurrentStack.Create(() => BuiltInCell.Create(cell, shape.H), EmbeddingSize, shape.Layers, seed: 1);
        _model = new(embedding, rnn, new Linear(shape.H, VocabularySize, seed: 1));
        _optimizer = new(_model.named_parameters().Select(p => (p.name, p.parameter)), LearningRate);
        var settings = new StreamSettings(shape.B, shape.T, shape.T, CarryState: true, new GradientClipping(MaxNorm: 5), new LearningRateDecay(LearningRate));
        _trainer = new(_model, Task(Chunks * shape.B * shape.T + 1), _optimizer, settings, CPU);
    }

    /// <summary>One update.</summary>
    public void Train()
    {
        _trainer.Advance();
        _trainer.Read();
    }

    public void Dispose()
    {
        _trainer.Dispose();
        _optimizer.Dispose();
        _model.Dispose();
    }

    /// <summary>Random characters, <paramref name="length"/> of them to train on.</summary>
    private static TextTask Task(int length)
    {
        const int Validation = 2;
        var characters = Enumerable.Range(0, VocabularySize).Select(i => ((char)('0' + i)).ToString()).ToArray();
        var stream = new RandomStream(1, "bench/text");
        var text = string.Concat(Enumerable.Range(0, length + Validation).Select(i => characters[(int)(stream.Uniform((ulong)i) * VocabularySize)]));
        // Half a character more, so that rounding never takes one from the training part.
        return new(TextCorpus.Of(text, "random text"), (Validation - 0.5) / text.Length, vocabulary: Vocabulary.Of(characters));
    }
}
