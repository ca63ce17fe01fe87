using RnnLab.Benchmarks.Models;
using RnnLab.Randomness;

namespace RnnLab.Benchmarks.Modules;

/// <summary>
/// A training loop as TorchSharp's users write it, over a character model and one batch of random text: embedding → recurrence → linear → cross-entropy,
/// autograd, TorchSharp's Adam. The recurrence is a module like any other: nothing here knows whose it is.
/// </summary>
internal sealed class TrainingLoop : IDisposable
{
    private const double LearningRate = 1e-3;

    private readonly Network _network;
    private readonly optim.Optimizer _optimizer;
    private readonly Tensor _tokens, _targets;

    public TrainingLoop(Recurrence recurrence, LayerShape shape, ModuleDepth depth)
    {
        _network = new Network(recurrence, shape.H * depth.Directions);
        _optimizer = optim.Adam(_network.parameters(), LearningRate);
        using var scope = NewDisposeScope();
        var text = (new RandomStream(1, "bench/text").Uniform([shape.T + 1, shape.B], 0, 1) * CharacterModel.VocabularySize).to(ScalarType.Int64);
        _tokens = text.narrow(0, 0, shape.T).contiguous().DetachFromDisposeScope();
        _targets = text.narrow(0, 1, shape.T).reshape(-1).DetachFromDisposeScope();
    }

    /// <summary>Takes the weights of another loop.</summary>
    public void CopyWeights(TrainingLoop from)
    {
        using var no_grad = torch.no_grad();
        foreach (var (own, other) in _network.parameters().Zip(from._network.parameters()))
            own.copy_(other);
    }

    /// <summary>A training step.</summary>
    public void Step() => StepLoss().Dispose();

    /// <summary>A training step and the loss before it.</summary>
    public double Loss()
    {
        using var loss = StepLoss();
        return loss.item<float>();
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _network.Dispose();
        _tokens.Dispose();
        _targets.Dispose();
    }

    private Tensor StepLoss()
    {
        using var scope = NewDisposeScope();
        _optimizer.zero_grad();
        var logits = _network.call(_tokens);
        var loss = nn.functional.cross_entropy(logits.view(-1, CharacterModel.VocabularySize), _targets);
        loss.backward();
        _optimizer.step();
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>From tokens (T, B) to logits (T, B, V).</summary>
    private sealed class Network : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _embedding, _head;
        private readonly Recurrence _recurrence;

        public Network(Recurrence recurrence, long width)
            : base(nameof(Network))
        {
            _recurrence = recurrence;
            _embedding = nn.Embedding(CharacterModel.VocabularySize, CharacterModel.EmbeddingSize);
            _head = nn.Linear(width, CharacterModel.VocabularySize);
            register_module("embedding", _embedding);
            register_module("rnn", recurrence.Module);
            register_module("head", _head);
        }

        public override Tensor forward(Tensor input) => _head.call(_recurrence.Output(_embedding.call(input)));
    }
}
