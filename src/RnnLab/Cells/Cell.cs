namespace RnnLab.Cells;

/// <summary>
/// A recurrent cell: its equations and their adjoint for one step, and nothing of time or of weights.
/// <para>
/// A step is two products and a pointwise function φ, row by row of the batch:
/// <code>
/// a_t = W_ih x_t + b_ih          input projection      (B, G·H)
/// q_t = W_hh h_{t-1} + b_hh      recurrent projection  (B, G·H)
/// s_t = φ(a_t, q_t, s_{t-1})
/// </code>
/// The cell gives φ and its adjoint; the runner (<see cref="Recurrence.RecurrentLayer"/>) owns the products, the loop and the tape.
/// </para>
/// <para>
/// A cell with several recurrent products in a step (see <see cref="Products"/>) has a φ_k before each further one: product k works on
/// u_k, with u_0 = h_{t-1} and u_{k+1} = φ_k(a_k, q_k, s_{t-1}), where a_k and q_k are the columns of the gates that product k feeds.
/// </para>
/// All functions are written in TorchSharp operations, out of place: on any device and dtype, and autograd can differentiate them.
/// </summary>
/// <param name="hiddenSize">H, the number of units.</param>
/// <exception cref="ArgumentOutOfRangeException">H is not positive.</exception>
public abstract class Cell(long hiddenSize)
{
    /// <summary>H, the number of units.</summary>
    public long HiddenSize { get; } = hiddenSize > 0
        ? hiddenSize
        : throw new ArgumentOutOfRangeException(nameof(hiddenSize), hiddenSize, "hidden_size must be positive");

    /// <summary>The name that configs use.</summary>
    public abstract string Name { get; }

    /// <summary>G, the number of gates: W_hh has G·H rows.</summary>
    public abstract int Gates { get; }

    /// <summary>How many gates, the first ones, the input feeds: W_ih has so many times H rows. All of them for most cells.</summary>
    public virtual int InputGates => Gates;

    /// <summary>Whether the state holds a c beside h.</summary>
    public virtual bool HasCellState => false;

    /// <summary>How the G gates divide over the recurrent products of one step, in the order of W_hh's rows; most cells need one.</summary>
    public virtual IReadOnlyList<int> Products => [Gates];

    /// <summary>Whether W_hh is a matrix (G·H, H) or, unit by unit, a diagonal (H).</summary>
    public virtual RecurrentWeight RecurrentWeight => RecurrentWeight.Matrix;

    /// <summary>P, where h_t = W_hr m_t projects φ's output m_t (B, H) to (B, P); 0 for no projection.</summary>
    public virtual long ProjectionSize => 0;

    /// <summary>The parameters that φ has beside the projections' weights, such as peepholes.</summary>
    public virtual IReadOnlyList<OwnParameter> OwnParameters => [];

    /// <summary>Whether the projections have biases b_ih and b_hh, where a model has biases; false for a cell whose own parameters take their place.</summary>
    public virtual bool HasProjectionBiases => true;

    /// <summary>Which gate f forgets, c_t = f ⊙ c_{t-1} + … (its bias may be initialised apart), or null where none does.</summary>
    public virtual int? ForgetGate => null;

    /// <summary>Which gate i lets new content in, apart from the gate that keeps the old, or null where none does.</summary>
    public virtual int? InputGate => null;

    /// <summary>The gate that decides how long the state lasts: the forget gate, or the update gate of the GRU's family; null where there is none.</summary>
    public virtual MemoryGate? MemoryGate => ForgetGate is { } f ? new(f) : null;

    /// <summary>The last dimension of h: P where the cell projects, else H.</summary>
    public long OutputSize => ProjectionSize > 0 ? ProjectionSize : HiddenSize;

    /// <summary>s_t = φ(a, q, s_{t-1}), the last (for most cells the only) pointwise function of a step.</summary>
    /// <param name="a">Input projection of the last product's gates, (B, G·H); without the gates that the input does not feed.</param>
    /// <param name="q">Recurrent projection of the same gates, (B, G·H).</param>
    /// <param name="s">s_{t-1}.</param>
    /// <param name="own">The tensors of <see cref="OwnParameters"/>, in their order.</param>
    /// <param name="saved">What the functions before it in the same step saved; receives what the adjoint needs beside s_{t-1} and s_t.</param>
    /// <returns>s_t; before the projection where the cell has one.</returns>
    public abstract CellState Phi(Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved);

    /// <summary>The adjoint of <see cref="Phi"/>.</summary>
    /// <param name="ds">∂L/∂s_t, of φ's own output.</param>
    /// <param name="before">s_{t-1}.</param>
    /// <param name="after">s_t as φ returned it.</param>
    /// <param name="own">The tensors of <see cref="OwnParameters"/>.</param>
    /// <param name="saved">All that the step's functions saved.</param>
    /// <returns>The gradients of φ's arguments, without the way through the recurrent product, which is the runner's.</returns>
    public abstract PhiGradient PhiAdjoint(CellState ds, CellState before, CellState after, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved);

    /// <summary>u_{k+1} = φ_k(a_k, q_k, s_{t-1}) for a cell with several products.</summary>
    /// <param name="product">k, from 0.</param>
    /// <param name="a">Columns of a_t of the gates that product k feeds, as far as the input feeds them: (B, 0) where it feeds none.</param>
    /// <param name="q">The same columns of q_t.</param>
    /// <param name="s">s_{t-1}.</param>
    /// <param name="own">The tensors of <see cref="OwnParameters"/>.</param>
    /// <param name="saved">What φ_0 to φ_{k-1} saved; receives what the adjoint needs.</param>
    public virtual Tensor Operand(int product, Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved)
        => throw new NotSupportedException($"{Name} has one recurrent product in a step");

    /// <summary>The adjoint of <see cref="Operand"/>.</summary>
    /// <param name="product">k, from 0.</param>
    /// <param name="du">∂L/∂u_{k+1}, as it came back through product k+1.</param>
    /// <param name="later">What the adjoint of φ_{k+1} returned: its <see cref="PhiGradient.Carry"/> holds gradients of what φ_k saved.</param>
    /// <param name="before">s_{t-1}.</param>
    /// <param name="own">The tensors of <see cref="OwnParameters"/>.</param>
    /// <param name="saved">All that the step's functions saved.</param>
    public virtual PhiGradient OperandAdjoint(int product, Tensor du, PhiGradient later, CellState before, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved)
        => throw new NotSupportedException($"{Name} has one recurrent product in a step");

    /// <summary>Columns of gate <paramref name="gate"/> in a projection (B, G·H): a view (B, H).</summary>
    protected Tensor Gate(Tensor projection, int gate)
    {
        ArgumentNullException.ThrowIfNull(projection);
        return projection.narrow(1, gate * HiddenSize, HiddenSize);
    }
}

/// <summary>A gate that decides how long a state lasts.</summary>
/// <param name="Gate">Its number.</param>
/// <param name="Keeps">Whether the gate at 1 keeps the old state; false where it then replaces it.</param>
public readonly record struct MemoryGate(int Gate, bool Keeps = true);

/// <summary>The form of the recurrent weight.</summary>
public enum RecurrentWeight
{
    /// <summary>q = W_hh u, every unit to every unit.</summary>
    Matrix,

    /// <summary>q = w_hh ⊙ u, each unit to itself (IndRNN, Li et al. 2018).</summary>
    Diagonal,
}
