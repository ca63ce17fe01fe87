using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Bridge.Tests.NN;

public sealed class ModuleTests
{
    private class Block : nn.Module<Tensor, Tensor>
    {
        private readonly Linear _private;
        public readonly Parameter scale;
        public readonly Tensor counter;

        [ComponentName(Name = "renamed")]
        private readonly Parameter _other;

        public Block() : base("Block")
        {
            _private = nn.Linear(2, 3, dtype: ScalarType.Float64);
            scale = nn.Parameter(ones(3, dtype: ScalarType.Float64));
            counter = zeros(1, dtype: ScalarType.Int64);
            _other = nn.Parameter(zeros(2, dtype: ScalarType.Float64));
            RegisterComponents();
        }

        public Parameter Other => _other;

        public override Tensor forward(Tensor input) => _private.call(input) * scale;
    }

    private sealed class Outer : Block
    {
        public readonly Block inner = new();
        public readonly nn.Module list = nn.ModuleList(nn.Linear(1, 1), nn.Linear(1, 1, hasBias: false));

        // The base constructor has registered this class's fields too: their initialisers run before it.
        public Outer() => register_module("added", nn.Dropout(0.3));
    }

    [Fact]
    public void Fields_are_registered_under_their_names()
    {
        using var block = new Block();
        Assert.Equal(["_private.bias", "_private.weight", "renamed", "scale"], block.named_parameters().Select(p => p.name).Order());
        Assert.Equal(["counter"], block.named_buffers().Select(b => b.name));
        Assert.Equal(["_private"], block.named_children().Select(c => c.name));
    }

    [Fact]
    public void Own_parameters_come_before_those_of_submodules()
    {
        using var block = new Block();
        var names = block.named_parameters().Select(p => p.name).ToList();
        Assert.True(names.IndexOf("scale") < names.IndexOf("_private.weight"));
        Assert.Equal(2, block.parameters(recurse: false).Count());
    }

    [Fact]
    public void Nested_names_are_dotted()
    {
        using var outer = new Outer();
        var names = outer.named_parameters().Select(p => p.name).ToList();
        Assert.Contains("inner._private.weight", names);
        Assert.Contains("list.0.bias", names);
        Assert.Contains("list.1.weight", names);
        Assert.DoesNotContain("list.1.bias", names);
        Assert.Contains("inner.counter", outer.named_buffers().Select(b => b.name));
        Assert.Contains("list.1", outer.named_modules().Select(m => m.name));
        Assert.True(outer.has_parameter("inner.renamed"));
        Assert.False(outer.has_parameter("inner.absent"));
        Assert.False(outer.has_parameter("absent.renamed"));
        Assert.Same(outer.inner.scale, outer.get_parameter("inner.scale"));
        Assert.Same(outer.inner.counter, outer.get_buffer("inner.counter"));
        Assert.Null(outer.get_parameter("inner.absent"));
    }

    [Fact]
    public void Direct_submodules_come_first_among_the_modules()
    {
        using var outer = new Outer();
        var names = outer.named_modules().Select(m => m.name).ToList();
        Assert.Equal(outer.named_children().Select(c => c.name), names.Take(outer.named_children().Count()));
        Assert.Contains("inner._private", names);
        Assert.Equal(names.Count, outer.modules().Count());
    }

    [Fact]
    public void A_name_is_registered_once()
    {
        using var block = new Block();
        Assert.Throws<InvalidOperationException>(() => block.register_parameter("scale", nn.Parameter(zeros(1))));
        Assert.Throws<InvalidOperationException>(() => block.register_buffer("counter", zeros(1)));
        Assert.Throws<InvalidOperationException>(() => block.register_module("_private", nn.Linear(1, 1)));
        Assert.Throws<ArgumentException>(() => block.register_module("a.b", nn.Linear(1, 1)));
        Assert.Throws<ArgumentException>(() => block.register_module("", nn.Linear(1, 1)));
        Assert.Throws<ArgumentNullException>(() => block.register_parameter("none", null!));
        Assert.Throws<ArgumentNullException>(() => block.register_buffer("none", null!));
    }

    [Fact]
    public void A_shared_parameter_is_listed_once()
    {
        using var block = new Block();
        var count = block.parameters().Count();
        block.register_parameter("again", block.scale);
        Assert.Equal(count, block.parameters().Count());
    }

    [Fact]
    public void Training_reaches_every_submodule()
    {
        using var outer = new Outer();
        Assert.True(outer.training && outer.modules().All(m => m.training));
        outer.eval();
        Assert.False(outer.training || outer.modules().Any(m => m.training));
        outer.train();
        Assert.True(outer.training && outer.modules().All(m => m.training));
    }

    [Fact]
    public void Apply_visits_children_before_the_module()
    {
        using var outer = new Outer();
        var visited = new List<nn.Module>();
        Assert.Same(outer, outer.apply(visited.Add));
        Assert.Same(outer, visited[^1]);
        Assert.Equal(outer.modules().Count() + 1, visited.Count);
        Assert.True(visited.IndexOf(outer.inner) > visited.IndexOf(outer.inner.children().Single()));
    }

    [Fact]
    public void Gradients_are_dropped_or_zeroed()
    {
        using var block = new Block();
        block.call(ones(4, 2, dtype: ScalarType.Float64)).sum().backward();
        Assert.NotNull(block.scale.grad);
        block.zero_grad(set_to_none: false);
        Assert.Equal(new double[3], Numbers.Values(block.scale.grad!));
        block.zero_grad();
        Assert.Null(block.scale.grad);
    }

    [Fact]
    public void Hooks_see_and_change_inputs_and_output()
    {
        using var linear = nn.Linear(nn.Parameter(eye(2)), nn.Parameter(zeros(2)));
        var calls = new List<string>();
        using var input = ones(1, 2);

        var removers = new[]
        {
            linear.register_forward_pre_hook(_ => calls.Add("before")),
            linear.register_forward_hook(_ => calls.Add("after")),
            linear.register_forward_pre_hook((_, x) => x * 2),
            linear.register_forward_hook((_, _, y) => y + 1),
        };
        Assert.Equal([3.0, 3.0], Numbers.Values(linear.call(input)));
        Assert.Equal(["before", "after"], calls);

        foreach (var remover in removers) remover.remove();
        Assert.Equal([1.0, 1.0], Numbers.Values(linear.call(input)));
        Assert.Equal(2, calls.Count);
    }

    [Fact]
    public void A_conversion_replaces_parameters_everywhere_and_leaves_integers_alone()
    {
        using var block = new Block();
        block.call(ones(4, 2, dtype: ScalarType.Float64)).sum().backward();
        var before = Numbers.Values(block.scale.grad!);
        Assert.Same(block, block.to(ScalarType.Float32));

        Assert.All(block.parameters(), p => Assert.Equal(ScalarType.Float32, p.dtype));
        Assert.Equal(ScalarType.Float32, block.scale.dtype);
        Assert.Same(block.scale, block.get_parameter("scale"));
        Assert.Same(block.Other, block.get_parameter("renamed"));
        Assert.Equal(ScalarType.Int64, block.counter.dtype);
        Assert.True(block.scale.requires_grad && block.scale.is_leaf);
        Assert.Equal(ScalarType.Float32, block.scale.grad!.dtype);
        Assert.True(Numbers.Error(Numbers.Values(block.scale.grad!), before) < 1e-6);
        Assert.Equal([4L, 3L], block.call(ones(4, 2)).shape);
        Assert.Throws<ArgumentException>(() => block.to(ScalarType.Int32));
    }

    [Fact]
    public void Disposal_frees_parameters_and_submodules()
    {
        var outer = new Outer();
        var parameters = outer.parameters().ToList();
        outer.Dispose();
        Assert.All(parameters, p => Assert.True(p.IsInvalid));
        outer.Dispose();
    }

    [Fact]
    public void A_layer_outlives_the_scope_in_which_it_was_made()
    {
        Linear linear;
        using (NewDisposeScope()) linear = nn.Linear(2, 2);
        using (linear) Assert.All(linear.parameters(), p => Assert.False(p.IsInvalid));
    }

    [Fact]
    public void A_parameter_takes_over_its_tensor_and_its_place_in_the_scope()
    {
        Parameter parameter;
        using (NewDisposeScope())
        {
            var data = ones(2);
            parameter = nn.Parameter(data);
            Assert.True(data.IsInvalid);
            Assert.True(parameter.requires_grad);
            using var frozen = nn.Parameter(ones(2), requires_grad: false);
            Assert.False(frozen.requires_grad);
        }

        Assert.True(parameter.IsInvalid);
    }
}
