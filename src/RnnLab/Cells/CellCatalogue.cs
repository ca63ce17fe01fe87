namespace RnnLab.Cells;

/// <summary>Every kind of cell that a config can name.</summary>
public static class CellCatalogue
{
    private const string Sum = "z = W_ih x_t + b_ih + W_hh h_{t-1} + b_hh";

    /// <summary>The kinds, family by family.</summary>
    public static IReadOnlyList<CellKind> All { get; } =
    [
        new("rnn", (H, o) => new RnnCell(H, NonlinearityOf(o)), NonlinearityOption("tanh"))
        {
            Summary = "the vanilla recurrent network",
            Equations = ["h_t = nonlinearity(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)"],
            Paper = "Elman 1990",
        },
        new("irnn", (H, _) => new RnnCell(H, Nonlinearity.Relu))
        {
            Summary = "the rnn with relu that starts as the identity: W_hh = 1, biases 0",
            Equations = ["h_t = max(0, W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)          at first W_hh = 1, b_ih = b_hh = 0"],
            Paper = "Le, Jaitly and Hinton 2015 (who draw W_ih from a normal of standard deviation 0.001; here it is as in the rnn)",
            StartsAsIdentity = true,
        },
        new("indrnn", (H, o) => new IndRnnCell(H, NonlinearityOf(o)), NonlinearityOption("relu"))
        {
            Summary = "independently recurrent: each unit sees its own past alone",
            Equations = ["h_t = nonlinearity(W_ih x_t + b_ih + w_hh * h_{t-1} + b_hh)          w_hh (H), unit by unit, at first in (0, 1]"],
            Paper = "Li et al. 2018",
        },
        new("rnn_deep_transition", (H, o) => new DeepTransitionCell(H, (int)o["transition_depth"]),
            new IntegerOption("transition_depth", "L, the layers between one state and the next", 2, 2, 64))
        {
            Summary = "several layers between one state and the next",
            Equations = ["u_1 = tanh(W_ih x_t + b_ih + U_0 h_{t-1} + b_0)", "u_{j+1} = tanh(U_j u_j + b_j)          j = 1 .. L-1", "h_t = u_L"],
            Paper = "Pascanu et al. 2014",
        },
        new("lstm", (H, o) => new LstmCell(H, (int)o["proj_size"]),
            new IntegerOption("proj_size", "P of h_t = W_hr (o * tanh(c_t)); 0 for no projection (Sak et al. 2014)", 0, 0, null))
        {
            Summary = "long short-term memory with a forget gate, as in PyTorch",
            Equations = [$"{Sum}, columns i f g o", .. LstmGates, "c_t = f * c_{t-1} + i * g", "h_t = o * tanh(c_t)"],
            Paper = "Hochreiter and Schmidhuber 1997; Gers, Schmidhuber and Cummins 2000",
        },
        new("lstm_peephole", (H, _) => new PeepholeLstmCell(H))
        {
            Summary = "the lstm whose gates also see the cell",
            Equations =
            [
                $"{Sum}, columns i f g o",
                "i = sigmoid(z_i + p_i * c_{t-1})   f = sigmoid(z_f + p_f * c_{t-1})   g = tanh(z_g)",
                "c_t = f * c_{t-1} + i * g", "o = sigmoid(z_o + p_o * c_t)", "h_t = o * tanh(c_t)",
            ],
            Paper = "Gers and Schmidhuber 2000; Graves 2013",
        },
        new("lstm_coupled", (H, _) => new CoupledLstmCell(H))
        {
            Summary = "the lstm with coupled input and forget gate, i = 1 - f",
            Equations =
            [
                $"{Sum}, columns f g o", "f = sigmoid(z_f)   g = tanh(z_g)   o = sigmoid(z_o)",
                "c_t = f * c_{t-1} + (1 - f) * g", "h_t = o * tanh(c_t)",
            ],
            Paper = "Greff et al. 2017",
        },
        new("lstm_1997", (H, _) => new Lstm1997Cell(H))
        {
            Summary = "the lstm without a forget gate",
            Equations = [$"{Sum}, columns i g o", "i = sigmoid(z_i)   g = tanh(z_g)   o = sigmoid(z_o)", "c_t = c_{t-1} + i * g", "h_t = o * tanh(c_t)"],
            Paper = "Hochreiter and Schmidhuber 1997 (who squash otherwise and truncate the gradient)",
        },
        new("lstm_layer_norm", (H, _) => new LayerNormLstmCell(H))
        {
            Summary = "the lstm with layer normalisation of both projections and of the cell",
            Equations = ["z = LN(W_ih x_t) + LN(W_hh h_{t-1}), columns i f g o", .. LstmGates, "c_t = f * c_{t-1} + i * g", "h_t = o * tanh(LN(c_t))"],
            Paper = "Ba, Kiros and Hinton 2016",
        },
        new("gru", (H, _) => new GruCell(H))
        {
            Summary = "the gated recurrent unit with the reset after the product, as in PyTorch",
            Equations = ["a = W_ih x_t + b_ih   q = W_hh h_{t-1} + b_hh, columns r z n", .. GruSteps],
            Paper = "Cho et al. 2014",
        },
        new("gru_reset_before", (H, _) => new GruResetBeforeCell(H))
        {
            Summary = "the gru with the reset before the product, as first published",
            Equations =
            [
                "r = sigmoid(a_r + q_r)   z = sigmoid(a_z + q_z)          a = W_ih x_t + b_ih   q_rz = W_rz h_{t-1} + b_rz",
                "n = tanh(a_n + W_n (r * h_{t-1}) + b_n)", "h_t = (1 - z) * n + z * h_{t-1}",
            ],
            Paper = "Cho et al. 2014",
        },
        new("gru_layer_norm", (H, _) => new LayerNormGruCell(H))
        {
            Summary = "the gru with layer normalisation of both projections",
            Equations = ["a = LN(W_ih x_t)   q = LN(W_hh h_{t-1}), columns r z n", .. GruSteps],
            Paper = "Ba, Kiros and Hinton 2016",
        },
        new("mgu", (H, _) => new MguCell(H))
        {
            Summary = "the minimal gated unit: one gate",
            Equations =
            [
                "f = sigmoid(a_f + q_f)          a = W_ih x_t + b_ih   q_f = W_f h_{t-1} + b_f",
                "n = tanh(a_n + W_n (f * h_{t-1}) + b_n)", "h_t = (1 - f) * h_{t-1} + f * n",
            ],
            Paper = "Zhou et al. 2016",
        },
    ];

    /// <summary>The kind of a name.</summary>
    /// <exception cref="ArgumentException">There is none; names all.</exception>
    public static CellKind Of(string name)
        => All.FirstOrDefault(kind => kind.Name == name)
            ?? throw new ArgumentException($"there is no cell {name}; expected one of {string.Join(", ", All.Select(kind => kind.Name))}", nameof(name));

    private static string[] LstmGates => ["i = sigmoid(z_i)   f = sigmoid(z_f)   g = tanh(z_g)   o = sigmoid(z_o)"];

    private static string[] GruSteps => ["r = sigmoid(a_r + q_r)   z = sigmoid(a_z + q_z)   n = tanh(a_n + r * q_n)", "h_t = (1 - z) * n + z * h_{t-1}"];

    private static WordOption NonlinearityOption(string @default) => new("nonlinearity", "the activation", @default, ["tanh", "relu"]);

    private static Nonlinearity NonlinearityOf(IReadOnlyDictionary<string, object> options)
        => (string)options["nonlinearity"] == "relu" ? Nonlinearity.Relu : Nonlinearity.Tanh;
}
