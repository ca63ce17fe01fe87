using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Bridge.Tests.NN;

public sealed class LayerTests
{
    [Fact]
    public void A_linear_layer_is_a_product_and_a_sum()
    {
        using var linear = nn.Linear(3, 2, dtype: ScalarType.Float64);
        var x = Numbers.Wave(1, 5, 4, 3);
        var expected = x.reshape(20, 3).mm(linear.weight.t()).add(linear.bias!).reshape(5, 4, 2);
        Assert.True(Numbers.Error(linear.call(x), expected) < 1e-14);
        Assert.Equal((3L, 2L), (linear.in_features, linear.out_features));
        Assert.InRange(Numbers.Values(linear.weight).Max(Math.Abs), 0, 1 / Math.Sqrt(3));
        Assert.ThrowsAny<Exception>(() => linear.call(Numbers.Wave(1, 5, 4)));

        using var plain = nn.Linear(3, 2, hasBias: false);
        Assert.Null(plain.bias);
        Assert.Equal(["weight"], plain.named_parameters().Select(p => p.name));
    }

    [Fact]
    public void Assigning_a_weight_replaces_the_registered_one()
    {
        using var linear = nn.Linear(3, 2);
        var old = linear.weight;
        linear.weight = nn.Parameter(ones(2, 3));
        Assert.True(old.IsInvalid);
        Assert.Same(linear.weight, linear.get_parameter("weight"));
        linear.bias = null;
        Assert.False(linear.has_parameter("bias"));
    }

    [Fact]
    public void An_embedding_picks_rows_and_gathers_their_gradients()
    {
        using var embedding = nn.Embedding(5, 2, padding_idx: 3, dtype: ScalarType.Float64);
        using var index = tensor(new long[] { 4, 1, 4, 3 });
        using var rows = embedding.call(index);
        Assert.Equal([4L, 2L], rows.shape);
        Assert.Equal(Numbers.Values(embedding.weight![4]), Numbers.Values(rows[2]));
        Assert.Equal([0.0, 0.0], Numbers.Values(embedding.weight[3]));

        rows.sum().backward();
        Assert.Equal([0, 0, 1, 1, 0, 0, 0, 0, 2, 2], Numbers.Values(embedding.weight.grad!));
        Assert.ThrowsAny<Exception>(() => embedding.call(tensor(new long[] { 5 })));
    }

    [Fact]
    public void A_pretrained_embedding_is_frozen_unless_asked()
    {
        using var table = Numbers.Wave(1, 3, 2);
        using var frozen = nn.Embedding_from_pretrained(table, dtype: ScalarType.Float64);
        using var free = nn.Embedding_from_pretrained(table, freeze: false, dtype: ScalarType.Float64);
        Assert.False(frozen.weight!.requires_grad);
        Assert.True(free.weight!.requires_grad);
        Assert.Equal(Numbers.Values(table[1]), Numbers.Values(frozen.call(tensor(new long[] { 1 }))));
    }

    [Fact]
    public void Embeddings_over_the_maximal_norm_are_scaled_to_it()
    {
        using var table = tensor(new[,] { { 3.0, 4.0 }, { 0.3, 0.4 } });
        using var embedding = nn.Embedding_from_pretrained(table, max_norm: 1.0, dtype: ScalarType.Float64);
        var rows = Numbers.Values(embedding.call(tensor(new long[] { 0, 1 })));
        Assert.Equal(1.0, Math.Sqrt(rows[0] * rows[0] + rows[1] * rows[1]), 1e-6);
        Assert.Equal([0.3, 0.4], rows[2..]);
    }

    [Fact]
    public void Layer_norm_standardises_the_last_dimension()
    {
        using var norm = nn.LayerNorm(4, dtype: ScalarType.Float64);
        var x = Numbers.Wave(2, 3, 4);
        var values = Numbers.Values(x);
        var expected = Enumerable.Range(0, 3).SelectMany(row =>
        {
            var v = values[(4 * row)..(4 * row + 4)];
            var variance = v.Average(e => (e - v.Average()) * (e - v.Average()));
            return v.Select(e => (e - v.Average()) / Math.Sqrt(variance + 1e-5));
        }).ToArray();
        Assert.True(Numbers.Error(Numbers.Values(norm.call(x)), expected) < 1e-13);
        Assert.Equal(["bias", "weight"], norm.named_parameters().Select(p => p.name).Order());
        using (no_grad()) norm.weight!.mul_(3);
        Assert.True(Numbers.Error(Numbers.Values(norm.call(x)), [.. expected.Select(e => 3 * e)]) < 1e-13);
        using var bare = nn.LayerNorm(4, elementwise_affine: false);
        Assert.Empty(bare.parameters());
        Assert.ThrowsAny<Exception>(() => norm.call(Numbers.Wave(2, 3, 5)));
    }

    [Fact]
    public void Dropout_keeps_the_mean_while_training_and_is_the_identity_otherwise()
    {
        manual_seed(3);
        using var dropout = nn.Dropout(0.25);
        using var x = ones(100_000);
        var values = Numbers.Values(dropout.call(x));
        Assert.All(values, v => Assert.True(v == 0 || Math.Abs(v - 4.0 / 3) < 1e-6));
        Assert.InRange(values.Count(v => v == 0) / 100_000.0, 0.24, 0.26);
        dropout.eval();
        Assert.Equal(Numbers.Values(x), Numbers.Values(dropout.call(x)));
        Assert.ThrowsAny<Exception>(() => F.dropout(x, 1.5));
    }

    [Fact]
    public void Activations_equal_their_formulas()
    {
        var x = Numbers.Wave(4, 7) * 3;
        var values = Numbers.Values(x);
        Assert.True(Numbers.Error(Numbers.Values(nn.Tanh().call(x)), [.. values.Select(Math.Tanh)]) < 1e-15);
        Assert.True(Numbers.Error(Numbers.Values(nn.Sigmoid().call(x)), [.. values.Select(v => 1 / (1 + Math.Exp(-v)))]) < 1e-15);
        Assert.Equal(values.Select(v => Math.Max(v, 0)), Numbers.Values(nn.ReLU().call(x)));
        var exps = values.Select(Math.Exp).ToArray();
        Assert.True(Numbers.Error(Numbers.Values(nn.Softmax(0).call(x)), [.. exps.Select(e => e / exps.Sum())]) < 1e-15);
        Assert.True(Numbers.Error(Numbers.Values(nn.LogSoftmax(0).call(x)), [.. exps.Select(e => Math.Log(e / exps.Sum()))]) < 1e-14);
        Assert.Equal(values, Numbers.Values(nn.Identity().call(x)));
        nn.ReLU(inplace: true).call(x).Dispose();
        Assert.Equal(values.Select(v => Math.Max(v, 0)), Numbers.Values(x));
    }

    [Fact]
    public void One_hot_marks_the_class()
    {
        using var index = tensor(new long[] { 2, 0 });
        Assert.Equal([0, 0, 1, 1, 0, 0], Numbers.Values(F.one_hot(index)));
        Assert.Equal([2L, 5L], F.one_hot(index, 5).shape);
        Assert.Throws<ArgumentException>(() => F.one_hot(ones(2)));
    }
}
