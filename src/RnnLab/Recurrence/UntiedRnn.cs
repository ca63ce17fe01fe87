using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Randomness;

namespace RnnLab.Recurrence;

/// <summary>
/// A vanilla recurrent network whose weights are not shared over time: each step t has its own. It is what weight sharing is measured against.
/// <code>
/// h_t = φ(W_ih[t] x_t + b_ih[t] + W_hh[t] h_{t-1} + b_hh[t])          t = 1 … T, φ = tanh or relu
/// </code>
/// Adjoint, with z_t = φ's argument and ∂h_t the sum of what comes from the output and from step t + 1:
/// <code>
/// ∂z_t = ∂h_t ⊙ φ'(z_t)    ∂h_{t-1} = W_hh[t]ᵀ ∂z_t    ∂x_t = W_ih[t]ᵀ ∂z_t
/// ∂W_ih[t] = Σ ∂z_t x_tᵀ   ∂W_hh[t] = Σ ∂z_t h_{t-1}ᵀ  ∂b_ih[t] = ∂b_hh[t] = Σ ∂z_t, over the batch alone
/// </code>
/// Parameters: weight_ih (T, H, I), weight_hh (T, H, H), bias_ih and bias_hh (T, H): their number grows with T. A sequence of fewer steps uses the first ones
/// and leaves the gradients of the others as they are; a longer one is refused, for there are no weights for its end. With the same weights at every step it
/// equals a <see cref="RecurrentLayer"/> of the <see cref="RnnCell"/>.
/// </summary>
public sealed class UntiedRnn : PlacedModule
{
    /// <summary>A new network; every parameter U(−1/√H, 1/√H), from the streams init/{parameter}.</summary>
    /// <param name="steps">T, the longest sequence.</param>
    /// <param name="inputSize">I.</param>
    /// <param name="hiddenSize">H.</param>
    /// <param name="nonlinearity">φ.</param>
    /// <param name="seed">The experiment's seed.</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <param name="dtype">float32 or float64.</param>
    /// <param name="device">Where the parameters live; the CPU by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">T, I or H is not positive.</exception>
    public UntiedRnn(
        long steps, long inputSize, long hiddenSize, Nonlinearity nonlinearity = Nonlinearity.Tanh, ulong seed = 0, bool bias = true,
        ScalarType dtype = ScalarType.Float32, Device? device = null) : base("untied_rnn")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hiddenSize);
        Nonlinearity = nonlinearity;
        var r = 1 / Math.Sqrt(hiddenSize);
        WeightIh = Draw("weight_ih", steps, hiddenSize, inputSize);
        WeightHh = Draw("weight_hh", steps, hiddenSize, hiddenSize);
        if (bias)
            (BiasIh, BiasHh) = (Draw("bias_ih", steps, hiddenSize), Draw("bias_hh", steps, hiddenSize));

        Parameter Draw(string name, params long[] shape)
        {
            using var scope = NewDisposeScope();
            var values = new RandomStream(seed, $"init/{name}").Uniform(shape, -r, r);
            var parameter = new Parameter(values.to(dtype).to(device ?? CPU).DetachFromDisposeScope());
            register_parameter(name, parameter);
            return parameter;
        }
    }

    /// <summary>W_ih of every step, (T, H, I).</summary>
    public Parameter WeightIh { get; }

    /// <summary>W_hh of every step, (T, H, H).</summary>
    public Parameter WeightHh { get; }

    /// <summary>b_ih of every step, (T, H), or null.</summary>
    public Parameter? BiasIh { get; }

    /// <summary>b_hh of every step, (T, H), or null.</summary>
    public Parameter? BiasHh { get; }

    /// <summary>φ.</summary>
    public Nonlinearity Nonlinearity { get; }

    /// <summary>T, the longest sequence.</summary>
    public long Steps => WeightIh.shape[0];

    /// <summary>H.</summary>
    public long HiddenSize => WeightIh.shape[1];

    /// <summary>I.</summary>
    public long InputSize => WeightIh.shape[2];

    /// <summary>A state of zeros for a batch of B.</summary>
    public Tensor ZeroState(long batch) => zeros([batch, HiddenSize], WeightIh.dtype, WeightIh.device);

    /// <summary>The first steps of a sequence, as many as x has.</summary>
    /// <param name="x">Inputs, (at most T, B, I).</param>
    /// <param name="h0">h_0, (B, H).</param>
    /// <param name="tape">An unused tape to record on, or null.</param>
    /// <returns>h_1, h_2 … as (steps, B, H).</returns>
    /// <exception cref="ArgumentException">The sequence is longer than T, another shape, dtype or device does not fit, or the tape has been used.</exception>
    public Tensor Forward(Tensor x, Tensor h0, UntiedTape? tape = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(h0);
        RequireInput(x);
        RequireLike(h0, [x.shape[1], HiddenSize], "h0");
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var h = new Tensor[x.shape[0]];
        for (var t = 0; t < h.Length; t++)
        {
            var z = Project(WeightIh, BiasIh, t, x.select(0, t)) + Project(WeightHh, BiasHh, t, t == 0 ? h0 : h[t - 1]);
            h[t] = Nonlinearity.Of(z);
        }
        var output = stack(h);
        tape?.Record(this, x, h0, output.clone());
        return output.MoveToOuterDisposeScope();
    }

    /// <summary>The adjoint of <see cref="Forward"/>: adds the gradients of the steps' parameters, and uses the tape up.</summary>
    /// <param name="tape">The forward call's tape.</param>
    /// <param name="dOutput">∂L/∂output, (steps, B, H).</param>
    /// <returns>∂L/∂x (steps, B, I) and ∂L/∂h_0 (B, H).</returns>
    /// <exception cref="InvalidOperationException">The tape is empty or used up.</exception>
    /// <exception cref="ArgumentException">A shape, dtype or device does not fit the tape's, or another network recorded it.</exception>
    public (Tensor Dx, Tensor Dh0) Backward(UntiedTape tape, Tensor dOutput)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(dOutput);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var (x, h0, output) = tape.Read(this);
        RequireLike(dOutput, output.shape, "dOutput");
        var (dh, dx) = (zeros_like(h0), new Tensor[x.shape[0]]);
        for (var t = dx.Length - 1; t >= 0; t--)
        {
            var dz = Nonlinearity.Adjoint(dh + dOutput.select(0, t), output.select(0, t));
            Accumulate(WeightIh, BiasIh, t, dz, x.select(0, t));
            Accumulate(WeightHh, BiasHh, t, dz, t == 0 ? h0 : output.select(0, t - 1));
            dx[t] = dz.mm(WeightIh.select(0, t));
            dh = dz.mm(WeightHh.select(0, t));
        }
        tape.Dispose();
        return (stack(dx).MoveToOuterDisposeScope(), dh.MoveToOuterDisposeScope());
    }

    private static Tensor Project(Parameter weight, Parameter? bias, int t, Tensor rows)
    {
        var transposed = weight.select(0, t).t();
        return bias is null ? rows.mm(transposed) : bias.select(0, t).addmm(rows, transposed);
    }

    private static void Accumulate(Parameter weight, Parameter? bias, int t, Tensor dz, Tensor rows)
    {
        Gradients.AddProduct(Gradients.Of(weight).select(0, t), dz, rows);
        if (bias is not null)
            Gradients.AddRowSum(Gradients.Of(bias).select(0, t), dz);
    }

    private void RequireInput(Tensor x)
    {
        if (x.shape is not [var length, var batch, _] || length == 0 || batch == 0)
            throw new ArgumentException($"input is {RecurrentLayer.Shape(x)}, expected (T, B, I) with no dimension of 0", nameof(x));
        if (length > Steps)
            throw new ArgumentException(
                $"the sequence has {length} steps, the network weights for {Steps}: they are not shared over time, so there are none for a further step", nameof(x));
        RequireLike(x, [length, batch, InputSize], "input");
    }

    private void RequireLike(Tensor given, long[] shape, string name)
    {
        if (!given.shape.SequenceEqual(shape))
            throw new ArgumentException($"{name} is {RecurrentLayer.Shape(given)}, expected ({string.Join(", ", shape)})");
        if (given.dtype != WeightIh.dtype || given.device.type != WeightIh.device.type)
            throw new ArgumentException($"{name} is {given.dtype} on {given.device}, the weights are {WeightIh.dtype} on {WeightIh.device}");
    }
}
