using RnnLab.Analysis;
using RnnLab.Cells;
using RnnLab.Interchange;
using RnnLab.Layers;
using RnnLab.Models;
using RnnLab.Recurrence;
using RnnLab.Tests.Support;
using RnnLab.Training.Safetensors;

namespace RnnLab.Tests.Interchange;

/// <summary>Layers that the machine's PyTorch makes when the first test asks for them, larger than the repository's.</summary>
public sealed class LiveLayers : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<string> _made;

    public LiveLayers() => _made = new(() =>
    {
        foreach (var type in (string[])["Float64", "Float32"])
        {
            Directory.CreateDirectory(_folder.File(type));
            Python.Run("pytorch_layers.py", "make", _folder.File(type), "--dtype", type.ToLowerInvariant(), "--seed", "2", "--sizes", "9,5,6,17,7");
        }
        return _folder.Path;
    });

    internal PyTorchLayer Read(string name, ScalarType dtype) => new(Path.Combine(_made.Value, $"{dtype}", $"{name}.safetensors"));

    public void Dispose() => _folder.Dispose();
}

/// <summary>Weights from PyTorch and to it, with a PyTorch that runs.</summary>
public sealed class LivePyTorchTests(LiveLayers layers) : IClassFixture<LiveLayers>
{
    private static readonly string[] Names =
    [
        "rnn_tanh", "rnn_relu", "rnn_no_bias", "gru", "gru_no_bias", "lstm", "lstm_no_bias", "lstm_projected", "lstm_projected_no_bias",
        "rnn_bidirectional", "gru_bidirectional", "lstm_bidirectional", "lstm_projected_bidirectional",
    ];

    private static readonly ScalarType[] Types = [ScalarType.Float64, ScalarType.Float32];

    public static TheoryData<string, ScalarType> Cases => Each.Of(Names, Types);

    [PyTorchTheory]
    [MemberData(nameof(Cases))]
    public void Pytorchs_weights_give_its_outputs_states_and_gradients(string name, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var layer = layers.Read(name, dtype);
        RequireEqual(dtype, layer.Expected, layer.ByHand());
    }

    [PyTorchTheory]
    [InlineData(ScalarType.Float64), InlineData(ScalarType.Float32)]
    public void Packed_sequences_give_pytorchs_outputs_states_and_gradients(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var layer = layers.Read("lstm_packed", dtype);
        RequireEqual(dtype, layer.Expected, layer.ByHand());
    }

    [PyTorchTheory]
    [InlineData(ScalarType.Float64), InlineData(ScalarType.Float32)]
    public void Pytorch_makes_the_same_of_weights_that_were_saved_here(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var mine = new Dictionary<string, Tensor>();
        foreach (var name in Names)
        {
            var like = layers.Read(name, dtype);
            using var rnn = like.NewStack();
            var (y, s) = rnn.Forward(like.X, PyTorchLayer.State(like.H0, like.C0));
            (mine[$"{name} y"], mine[$"{name} h_T"]) = (y, PyTorchLayer.Stacked(s, own => own.H));
            if (like.C0 is not null)
                mine[$"{name} c_T"] = PyTorchLayer.Stacked(s, own => own.C!);
            ModuleWeights.Save(rnn, folder.File($"{name}.weights.safetensors"));
            var inputs = new List<(string Name, Tensor Tensor)> { ("x", like.X), ("h0", like.H0) };
            if (like.C0 is { } c0)
                inputs.Add(("c0", c0));
            Write(folder.File($"{name}.inputs.safetensors"), inputs, like.Settings);
        }
        Python.Run("pytorch_layers.py", "run", folder.Path);
        var theirs = Names.SelectMany(name => Read(folder.File($"{name}.outputs.safetensors")).Select(p => (Name: $"{name} {p.Key}", p.Value)));
        RequireEqual(dtype, theirs.ToDictionary(p => p.Name, p => p.Value), mine);
    }

    [PyTorchFact]
    public void A_language_model_scores_a_text_alike_in_both()
    {
        const int V = 11;
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var rnn = RecurrentStack.Create(() => new LstmCell(9), 5, 2, seed: 3, dtype: ScalarType.Float64);
        using var model = new LanguageModel(new Embedding(V, 5, 3, dtype: ScalarType.Float64), rnn, new Linear(9, V, 3, dtype: ScalarType.Float64));
        var (ids, targets) = (Draw.Tokens("ids", V, 12, 4), Draw.Tokens("targets", V, 12, 4));
        ModuleWeights.Save(model, folder.File("weights"));
        Write(folder.File("tokens"), [("ids", ids), ("targets", targets)]);
        Python.Run("pytorch_layers.py", "score", folder.File("weights"), folder.File("tokens"), folder.File("output"));
        var nats = Read(folder.File("output"))["nats"].item<double>();
        Assert.Equal(nats, model.Score(ids, targets, model.ZeroState(4)).Nats.item<double>(), nats * Difference.Libtorch64);
    }

    [PyTorchFact]
    public void The_way_through_pytorchs_own_file_format_changes_no_byte()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var tensors = new List<(string, Tensor)>();
        foreach (var type in Enum.GetNames<SafetensorsType>().Select(name => name == "UInt8" ? ScalarType.Byte : Enum.Parse<ScalarType>(name)))
            foreach (var shape in (long[][])[[], [0], [3], [2, 3, 4]])
                tensors.Add(($"layer.{type}.{string.Join('x', shape)}", (torch.rand(shape) * 5).to(type)));
        Write(folder.File("a.safetensors"), tensors, new Dictionary<string, string> { ["format"] = "pt" });
        Python.Run("pytorch_weights.py", folder.File("a.safetensors"), folder.File("a.pt"));
        Python.Run("pytorch_weights.py", folder.File("a.pt"), folder.File("b.safetensors"));
        Assert.Equal(File.ReadAllBytes(folder.File("a.safetensors")), File.ReadAllBytes(folder.File("b.safetensors")));
    }

    [PyTorchFact]
    public void The_repositorys_files_are_what_their_script_makes()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var files = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures"), "*.safetensors");
        string[] names = [.. files.Select(f => Path.GetFileNameWithoutExtension(f))];
        Assert.NotEmpty(names);
        Python.Run("pytorch_layers.py", ["make", folder.Path, .. names]);
        foreach (var name in names)
            Same.Within(Difference.Libtorch64, new PyTorchLayer(folder.File($"{name}.safetensors")).Expected, PyTorchLayer.Committed(name).Expected);
    }

    // Outputs and states, and gradients, whose sums are longer.
    private static void RequireEqual(ScalarType dtype, Dictionary<string, Tensor> expected, Dictionary<string, Tensor> actual)
    {
        var (values, gradients) = dtype == ScalarType.Float64 ? (Difference.Libtorch64, Difference.Libtorch64) : (1e-6, Difference.Libtorch32);
        foreach (var (bound, isGradient) in ((double, bool)[])[(values, false), (gradients, true)])
            Same.Within(bound, Part(expected, isGradient), Part(actual, isGradient));
    }

    private static Dictionary<string, Tensor> Part(Dictionary<string, Tensor> all, bool gradients)
        => all.Where(p => p.Key.StartsWith("grad.", StringComparison.Ordinal) == gradients).ToDictionary();

    private static Dictionary<string, Tensor> Read(string path) => SafetensorsFile.Read(path).Entries.ToDictionary(entry => entry.Name, SafetensorsTensors.ToTensor);

    private static void Write(string path, IEnumerable<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var stream = File.Create(path);
        SafetensorsFile.Write(stream, tensors.Select(t => SafetensorsTensors.ToEntry(t.Name, t.Tensor)), metadata);
    }
}
