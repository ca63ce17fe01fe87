using RnnLab.Cells;
using RnnLab.Modules;
using RnnLab.Recurrence;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Modules;

/// <summary>The modules as nodes of autograd's graph.</summary>
public sealed class ModuleGraphTests
{
    private const long T = 6, B = 3, I = ModuleTwins.I, H = ModuleTwins.H;
    private const double Bound = 1e-11;

    public static TheoryData<string> Cells => [.. ModuleTwins.Cells];

    public static TheoryData<string> Kinds => [.. CellCatalogue.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Cells))]
    public void Backward_goes_through_what_stands_before_and_after_the_module(string cell)
    {
        using var scope = NewDisposeScope();
        var twins = ModuleTwins.Of(cell, "2");
        var (table, head) = (Draw.Uniform("table", 7, I), nn.Linear(H, 3, dtype: ScalarType.Float64));
        var (tokens, targets) = (Draw.Tokens("tokens", 7, T, B), Draw.Tokens("targets", 3, T * B));

        Dictionary<string, Tensor> Gradients(Twin twin)
        {
            head.zero_grad();
            twin.Module.zero_grad();
            var embedding = table.clone().requires_grad_();
            var y = twin.Call(embedding.index_select(0, tokens.view(-1)).view(T, B, I), null, null)[0];
            nn.functional.cross_entropy(head.forward(y.tanh()).view(-1, 3), targets).backward();
            var all = twin.Module.named_parameters().Concat(head.named_parameters()).ToDictionary(p => p.name, p => p.parameter.grad!.clone());
            all["embedding"] = embedding.grad!;
            return all;
        }
        Same.Within(Bound, Gradients(twins.Theirs), Gradients(twins.Ours));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_module_may_stand_twice_in_a_graph_and_backward_adds_to_what_is_there(string cell)
    {
        using var scope = NewDisposeScope();
        var twins = ModuleTwins.Of(cell, inputSize: H);
        var x = Draw.Uniform("x", T, B, H);

        Dictionary<string, Tensor> Gradients(Twin twin)
        {
            for (var k = 0; k < 2; k++)
            {
                var first = twin.Call(x, null, null);
                Twin.Loss(twin.Call(first[0], first[1], first.ElementAtOrDefault(2))).backward();
            }
            return twin.Module.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!);
        }
        Same.Within(Bound, Gradients(twins.Theirs), Gradients(twins.Ours));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void The_gradient_may_be_asked_for_with_respect_to_the_input_alone(string cell)
    {
        using var scope = NewDisposeScope();
        var twins = ModuleTwins.Of(cell);

        Tensor Gradient(Twin twin)
        {
            foreach (var parameter in twin.Module.parameters())
                parameter.requires_grad = false;
            var x = Draw.Uniform("x", T, B, I).requires_grad_();
            Twin.Loss(twin.Call(x, null, null)).backward();
            return x.grad!;
        }
        Same.Within(Bound, Gradient(twins.Theirs), Gradient(twins.Ours));
        Assert.All(twins.Ours.Module.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void A_frozen_weight_gets_no_gradient_and_the_others_theirs()
    {
        using var scope = NewDisposeScope();
        var twins = ModuleTwins.Of("lstm", "2");

        Dictionary<string, Tensor> Gradients(Twin twin)
        {
            twin.Module.get_parameter("weight_hh_l0")!.requires_grad = false;
            Twin.Loss(twin.Call(Draw.Uniform("x", T, B, I), null, null)).backward();
            return twin.Module.named_parameters().Where(p => p.parameter.grad is not null).ToDictionary(p => p.name, p => p.parameter.grad!);
        }
        var ours = Gradients(twins.Ours);
        Assert.DoesNotContain("weight_hh_l0", ours.Keys);
        Same.Within(Bound, Gradients(twins.Theirs), ours);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_loss_may_depend_on_one_of_the_results_alone(int k)
    {
        using var scope = NewDisposeScope();
        var twins = ModuleTwins.Of("lstm", "2 bidirectional");

        Dictionary<string, Tensor> Gradients(Twin twin)
        {
            twin.Call(Draw.Uniform("x", T, B, I), null, null)[k].square().sum().backward();
            return twin.Module.named_parameters().Where(p => p.parameter.grad is not null).ToDictionary(p => p.name, p => p.parameter.grad!);
        }
        var (theirs, ours) = (Gradients(twins.Theirs), Gradients(twins.Ours));
        Same.Within(Bound, theirs, theirs.Keys.ToDictionary(name => name, name => ours[name]));
        Assert.All(ours.Where(p => !theirs.ContainsKey(p.Key)), p => Assert.Equal(0, p.Value.abs().max().item<double>()));
    }

    [Fact]
    public void Hooks_see_and_change_what_goes_in_and_out()
    {
        using var scope = NewDisposeScope();
        using var gru = new GRU(I, H, dtype: ScalarType.Float64);
        var x = Draw.Uniform("x", T, B, I);
        var expected = gru.call(x * 2).Item1 * 3;
        gru.register_forward_pre_hook((_, input, h0) => (input * 2, h0));
        gru.register_forward_hook((_, _, _, result) => (result.Item1 * 3, result.Item2));
        Same.Exactly(expected.detach(), gru.call(x).Item1.detach());
    }

    [Fact]
    public void Results_may_be_changed_in_place()
    {
        using var scope = NewDisposeScope();
        var twins = ModuleTwins.Of("lstm");

        Tensor Gradient(Twin twin)
        {
            var results = twin.Call(Draw.Uniform("x", T, B, I), null, null);
            Twin.Loss([.. results.Select(result => result.mul_(2))]).backward();
            return twin.Module.get_parameter("weight_hh_l0")!.grad!;
        }
        Same.Within(Bound, Gradient(twins.Theirs), Gradient(twins.Ours));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("weight")]
    public void What_was_changed_in_place_before_the_backward_pass_is_told(string changed)
    {
        using var scope = NewDisposeScope();
        using var lstm = new LSTM(I, H);
        var x = rand(T, B, I);
        var loss = Twin.Loss([lstm.call(x).Item1]);
        using (no_grad())
            (changed == "x" ? x : lstm.get_parameter("weight_hh_l0")!).mul_(2);
        Assert.Contains("modified by an inplace operation", Assert.ThrowsAny<Exception>(() => loss.backward()).Message);
    }

    [Fact]
    public void A_retained_graph_gives_the_same_gradient_again()
    {
        using var scope = NewDisposeScope();
        using var gru = new GRU(I, H, numLayers: 2, dropout: 0.5);
        var loss = Twin.Loss([gru.call(rand(T, B, I)).Item1]);
        var weights = gru.parameters().ToArray<Tensor>();
        var first = autograd.grad([loss], weights, retain_graph: true);
        var second = autograd.grad([loss], weights);
        foreach (var (expected, actual) in first.Zip(second))
            Same.Exactly(expected, actual);
    }

    [Fact]
    public void A_second_backward_over_a_graph_that_was_not_retained_is_told()
    {
        using var scope = NewDisposeScope();
        using var gru = new GRU(I, H);
        // A sum saves nothing, so that the module itself has to notice.
        var loss = gru.call(rand(T, B, I)).Item1.sum();
        loss.backward(retain_graph: false);
        Assert.Contains("second time", Assert.ThrowsAny<Exception>(() => loss.backward()).Message);
    }

    [Theory]
    [InlineData("lstm", "2 bidirectional")]
    [InlineData("gru", "")]
    [InlineData("rnn", "2")]
    public void Second_derivatives_are_those_of_TorchSharps_module(string cell, string variant)
    {
        using var scope = NewDisposeScope();
        var twins = ModuleTwins.Of(cell, variant);

        // The gradient of |∂L/∂x|², as a penalty has it.
        Dictionary<string, Tensor> Gradients(Twin twin)
        {
            var x = Draw.Uniform("x", T, B, I).requires_grad_();
            var dx = autograd.grad([Twin.Loss(twin.Call(x, null, null))], [x], retain_graph: true, create_graph: true)[0];
            dx.square().sum().backward();
            return twin.Module.named_parameters().Where(p => p.name.StartsWith("weight", StringComparison.Ordinal)).ToDictionary(p => p.name, p => p.parameter.grad!);
        }
        Same.Within(1e-10, Gradients(twins.Theirs), Gradients(twins.Ours));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_cell_of_the_catalogue_makes_a_module_whose_gradients_by_hand_are_those_by_autograd(string name)
    {
        using var scope = NewDisposeScope();
        var kind = CellCatalogue.All.Single(kind => kind.Name == name);
        var options = new RecurrentModuleOptions { Seed = 3, Regularization = new() { ZoneoutH = 0.3, RecurrentDropout = 0.2 } };
        var (x, bidirectional) = (Draw.Uniform("x", T, B, I).requires_grad_(), kind.NewCell(H).RecurrentWeight == RecurrentWeight.Matrix);
        Func<Cell> cell = () => kind.NewCell(H);
        using var module = cell().HasCellState
            ? (nn.Module)new CellStateModule(cell, I, 2, dropout: 0.4, bidirectional: bidirectional, dtype: ScalarType.Float64, options: options)
            : new HiddenStateModule(cell, I, 2, dropout: 0.4, bidirectional: bidirectional, dtype: ScalarType.Float64, options: options);
        var loss = Twin.Loss((module is CellStateModule withC ? Twin.Of(withC) : Twin.Of((HiddenStateModule)module)).Call(x, null, null));
        var all = module.named_parameters().Select(p => (Name: p.name, Tensor: (Tensor)p.parameter)).Append((Name: "x", Tensor: x)).ToArray();
        Dictionary<string, Tensor> Gradients(bool inGraph)
        {
            var found = autograd.grad([loss], [.. all.Select(p => p.Tensor)], retain_graph: true, create_graph: inGraph);
            return all.Zip(found).ToDictionary(p => p.First.Name, p => p.Second.detach());
        }
        Same.Within(1e-12, Gradients(inGraph: true), Gradients(inGraph: false));
    }
}
