using RnnLab.Cells;
using RnnLab.Experiments.Runs;
using RnnLab.Interchange;
using RnnLab.Layers;
using RnnLab.Models;
using RnnLab.Recurrence;
using RnnLab.Tests.Support;
using RnnLab.Training.Safetensors;

namespace RnnLab.Tests.Interchange;

/// <summary>A module's weights to a file and back; against PyTorch itself see the tests beside this one.</summary>
public sealed class ModuleWeightsTests : IDisposable
{
    private const int V = 7;

    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    private string File => _folder.File("weights.safetensors");

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private static RecurrentStack Stack(ulong seed, ScalarType dtype = ScalarType.Float32, int hidden = 4, int layers = 1, bool bias = true, Device? device = null)
        => RecurrentStack.Create(() => new GruCell(hidden), 3, layers, seed: seed, bias: bias, dtype: dtype, device: device);

    private static LanguageModel Model(ulong seed) => new(new Embedding(V, 3, seed), Stack(seed, layers: 2), new Linear(4, V, seed));

    private static Dictionary<string, Tensor> Copy(nn.Module module) => module.named_parameters().ToDictionary(p => p.name, p => p.parameter.detach().clone());

    private static void RequireUnchanged(Dictionary<string, Tensor> before, nn.Module module)
    {
        foreach (var (name, parameter) in module.named_parameters())
            Same.Exactly(before[name], parameter.detach());
    }

    private void Write(params (string Name, Tensor Tensor)[] tensors)
    {
        using var stream = System.IO.File.Create(File);
        SafetensorsFile.Write(stream, tensors.Select(t => SafetensorsTensors.ToEntry(t.Name, t.Tensor)));
    }

    private string Refused(nn.Module module)
    {
        var before = Copy(module);
        var message = Assert.Throws<SafetensorsException>(() => ModuleWeights.Load(module, File)).Message;
        RequireUnchanged(before, module);
        Assert.StartsWith($"{File}: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        return message[(File.Length + 2)..];
    }

    [Fact]
    public void A_whole_models_weights_come_back_bit_by_bit()
    {
        using var saved = Model(1);
        using var other = Model(2);
        ModuleWeights.Save(saved, File);
        Assert.Equal(saved.named_parameters().Select(p => p.name).Order(), SafetensorsFile.Read(File).Entries.Select(e => e.Name).Order());
        var (missing, unexpected) = ModuleWeights.Load(other, File);
        Assert.Empty(missing);
        Assert.Empty(unexpected);
        RequireUnchanged(Copy(saved), other);
    }

    [Fact]
    public void Loading_keeps_the_parameters_that_an_optimiser_holds_and_asks_no_gradient_of_the_copy()
    {
        using var saved = Stack(1);
        using var other = Stack(2);
        ModuleWeights.Save(saved, File);
        var before = other.parameters().ToArray();
        ModuleWeights.Load(other, File);
        Assert.Equal(before.Select(p => p.Handle), other.parameters().Select(p => p.Handle));
        Assert.All(other.parameters(), p => Assert.True(p.requires_grad && p.is_leaf));
    }

    [Fact]
    public void A_layer_of_a_larger_file_goes_into_a_part_of_a_larger_module()
    {
        using var encoder = Stack(1, layers: 2);
        using var model = Model(2);
        var before = Copy(model);
        ModuleWeights.Save(encoder, _folder.File("encoder"), filePrefix: "encoder.");
        var entries = SafetensorsFile.Read(_folder.File("encoder")).Entries;
        Assert.All(entries, e => Assert.StartsWith("encoder.", e.Name, StringComparison.Ordinal));
        using (var stream = System.IO.File.Create(File))
            SafetensorsFile.Write(stream, [.. entries, SafetensorsTensors.ToEntry("decoder.weight_ih_l0", zeros(1))]);
        ModuleWeights.Load(model, File, modulePrefix: "rnn.", filePrefix: "encoder.");
        RequireUnchanged(Copy(encoder), model.Rnn);
        foreach (var name in (string[])["embedding.weight", "linear.weight", "linear.bias"])
            Same.Exactly(before[name], model.get_parameter(name)!.detach());
    }

    [Fact]
    public void A_part_of_a_module_is_saved_under_names_of_its_own()
    {
        using var model = Model(1);
        using var rnn = Stack(2, layers: 2);
        ModuleWeights.Save(model, File, modulePrefix: "rnn.");
        ModuleWeights.Load(rnn, File);
        RequireUnchanged(Copy(model.Rnn), rnn);
    }

    public static TheoryData<ScalarType, ScalarType> Conversions
        => Each.Of([ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float64], [ScalarType.Float32, ScalarType.Float64]);

    [Theory]
    [MemberData(nameof(Conversions))]
    public void Weights_are_converted_to_the_modules_element_type(ScalarType file, ScalarType module)
    {
        using var saved = Stack(1, ScalarType.Float64);
        using var other = Stack(2, module);
        Write([.. saved.named_parameters().Select(p => (p.name, p.parameter.detach().to(file)))]);
        ModuleWeights.Load(other, File);
        Assert.All(other.parameters(), p => Assert.Equal(module, p.dtype));
        RequireUnchanged(saved.named_parameters().ToDictionary(p => p.name, p => p.parameter.detach().to(file).to(module)), other);
    }

    [Fact]
    public void Every_tensor_that_is_missing_unexpected_or_misshapen_is_named_and_nothing_is_changed()
    {
        using var module = Stack(1);
        Write(("weight_ih_l0", zeros(12, 3)), ("weight_hh_l0", zeros(4, 12)), ("bias_hh_l0", zeros(12, 1)), ("weight_ih_l1", zeros(12, 4)), ("h0", zeros(2)));
        Assert.Equal(
            "these are another model's weights: missing: bias_ih_l0; unexpected: h0, weight_ih_l1; "
                + "wrong shape: weight_hh_l0 is (4, 12), expected (12, 4), bias_hh_l0 is (12, 1), expected (12)",
            Refused(module));
    }

    [Fact]
    public void Each_kind_of_misfit_is_enough()
    {
        using var module = Stack(1);
        using var plain = Stack(2, bias: false);
        using var wide = Stack(3, hidden: 5, bias: false);
        ModuleWeights.Save(plain, File);
        Assert.Equal("these are another model's weights: missing: bias_ih_l0, bias_hh_l0", Refused(module));
        ModuleWeights.Save(module, File);
        Assert.Equal("these are another model's weights: unexpected: bias_hh_l0, bias_ih_l0", Refused(plain));
        ModuleWeights.Save(wide, File);
        Assert.Equal(
            "these are another model's weights: wrong shape: weight_ih_l0 is (15, 3), expected (12, 3), weight_hh_l0 is (15, 5), expected (12, 4)",
            Refused(plain));
    }

    [Fact]
    public void What_both_have_is_loaded_when_that_is_asked_for_but_never_another_shape()
    {
        using var module = Stack(1);
        using var other = Stack(2, layers: 2, bias: false);
        var before = Copy(module);
        ModuleWeights.Save(other, File);
        var (missing, unexpected) = ModuleWeights.Load(module, File, strict: false);
        Assert.Equal(["bias_ih_l0", "bias_hh_l0"], missing);
        Assert.Equal(["weight_hh_l1", "weight_ih_l1"], unexpected);
        var expected = Copy(other);
        (expected["bias_ih_l0"], expected["bias_hh_l0"]) = (before["bias_ih_l0"], before["bias_hh_l0"]);
        RequireUnchanged(expected, module);
        using var wide = Stack(3, hidden: 5);
        Assert.Contains("wrong shape", Assert.Throws<SafetensorsException>(() => ModuleWeights.Load(wide, File, strict: false)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_safetensors_file_or_cut_off_is_told_and_changes_nothing()
    {
        using var module = Stack(1);
        Assert.Equal("no such file", Refused(module));
        System.IO.File.WriteAllText(File, "a text of some length, which is no weights at all");
        Assert.Equal("this is no safetensors file: its first eight bytes are no header length", Refused(module));
        ModuleWeights.Save(module, File);
        System.IO.File.WriteAllBytes(File, System.IO.File.ReadAllBytes(File)[..^5]);
        Assert.Contains("the file is cut off", Refused(module), StringComparison.Ordinal);
    }

    [Fact]
    public void A_prefix_that_no_parameter_has_is_refused()
    {
        using var model = Model(1);
        var error = Assert.Throws<ArgumentException>(() => ModuleWeights.Save(model, File, "encoder."));
        Assert.Contains("no parameter whose name begins with \"encoder.\"", error.Message, StringComparison.Ordinal);
        ModuleWeights.Save(model, File);
        Assert.Throws<ArgumentException>(() => ModuleWeights.Load(model, File, "encoder."));
    }

    [Fact]
    public void A_place_that_cannot_be_written_to_is_told()
    {
        using var model = Model(1);
        Refused("cannot be written: no such folder", _folder.File("none/weights"));
        Refused("cannot be written: it is a folder", _folder.Path);

        void Refused(string message, string path)
            => Assert.Equal($"{path}: {message}", Assert.Throws<RunException>(() => ModuleWeights.Save(model, path)).Message);
    }

    [Fact]
    public void No_tensor_outlives_the_calls()
    {
        using var model = Model(1);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        ModuleWeights.Save(model, File);
        ModuleWeights.Load(model, File);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [CudaFact]
    public void Weights_go_from_one_device_to_the_other()
    {
        using var saved = Stack(1, device: CUDA);
        using var other = Stack(2, device: CUDA);
        using var here = Stack(3);
        ModuleWeights.Save(saved, File);
        ModuleWeights.Load(other, File);
        ModuleWeights.Load(here, File);
        Assert.All(other.parameters(), p => Assert.Equal(DeviceType.CUDA, p.device.type));
        RequireUnchanged(Copy(other).ToDictionary(p => p.Key, p => p.Value.cpu()), here);
        RequireUnchanged(Copy(saved).ToDictionary(p => p.Key, p => p.Value.cpu()), here);
    }
}
