using RnnLab.Training.Optimizers;

namespace RnnLab.Tests.Training;

/// <summary>
/// One setting of an optimiser, RnnLab's and torch.optim's, on a small problem whose gradient depends on the parameter, so that no error
/// dies out: p₀ = (0.5, −1.25, 2), g_t = (0.1, 0.5, 1) ⊙ p + cos(0.3 t + (0, 1, 2)).
/// </summary>
/// <param name="Name">The setting.</param>
/// <param name="Mine">RnnLab's optimiser.</param>
/// <param name="Torch">torch.optim's.</param>
/// <param name="AfterHundred">p after 100 steps in float64, as Python's PyTorch 1.13.1 prints it.</param>
public sealed record OptimizerCase(
    string Name,
    Func<(string, Parameter)[], Optimizer> Mine,
    Func<Parameter[], TorchSharp.Modules.OptimizerHelper> Torch,
    double[] AfterHundred)
{
    public static IReadOnlyList<OptimizerCase> All { get; } =
    [
        new("sgd", p => new Sgd(p, 0.05), p => optim.SGD(p, 0.05),
            [0.45702350607172093, -0.010295336649199457, -0.08307107879357324]),
        new("sgd with momentum", p => new Sgd(p, 0.05, momentum: 0.9), p => optim.SGD(p, 0.05, momentum: 0.9),
            [0.28311112653823806, 0.7564805409841912, 0.2896229343132675]),
        new("sgd with dampening and weight decay", p => new Sgd(p, 0.05, 0.9, 0.3, 0.01), p => optim.SGD(p, 0.05, 0.9, 0.3, 0.01),
            [0.19494750085678977, 0.47143119691812685, 0.274503124501347]),
        new("sgd with nesterov and weight decay", p => new Sgd(p, 0.05, 0.9, 0, 0.01, nesterov: true), p => optim.SGD(p, 0.05, 0.9, 0, 0.01, nesterov: true),
            [0.44143586956460934, 0.7240898877711018, -0.18918967191487301]),
        new("adam", p => new Adam(p, 0.01), p => optim.Adam(p, 0.01),
            [0.40856598154070217, -0.6695266660743863, 1.1284746423317629]),
        new("adam with weight decay", p => new Adam(p, 0.01, 0.8, 0.95, 1e-6, 0.1), p => optim.Adam(p, 0.01, 0.8, 0.95, 1e-6, 0.1),
            [0.38903788158964414, -0.6292445205945074, 1.110054916154523]),
        new("adamw", p => new Adam(p, 0.01, weightDecay: 0.1, decoupled: true), p => optim.AdamW(p, 0.01, weight_decay: 0.1),
            [0.36997381569783044, -0.5978956305871094, 1.0022508934406655]),
        new("rmsprop", p => new RmsProp(p, 0.002, 0.95), p => optim.RMSProp(p, 0.002, 0.95),
            [0.4860144966055577, -1.0729955046861859, 1.7640806687973842]),
        new("rmsprop with momentum and weight decay", p => new RmsProp(p, 0.002, 0.9, 1e-8, 0.01, 0.9), p => optim.RMSProp(p, 0.002, 0.9, 1e-8, 0.01, 0.9),
            [0.3552509152025504, -0.2496457884745096, 0.4146949488321814]),
        new("rmsprop, centered", p => new RmsProp(p, 0.002, 0.9, 1e-6, centered: true), p => optim.RMSProp(p, 0.002, 0.9, 1e-6, centered: true),
            [0.4877752569226021, -1.0424893701380846, 1.507510905980298]),
        new("rmsprop, centered, with momentum", p => new RmsProp(p, 0.002, 0.9, 1e-8, 0, 0.5, centered: true), p => optim.RMSProp(p, 0.002, 0.9, 1e-8, 0, 0.5, centered: true),
            [0.4744715322436452, -0.8649922058991316, 1.1398805074160117]),
    ];

    public static OptimizerCase Named(string name) => All.Single(c => c.Name == name);

    public static Parameter NewParameter(ScalarType dtype) => new(tensor(new[] { 0.5, -1.25, 2 }).to(dtype));

    /// <summary>Steps <paramref name="first"/> up to <paramref name="end"/> of the problem.</summary>
    public static void Run(Parameter p, Action step, int first = 0, int end = 100)
    {
        for (var t = first; t < end; t++)
        {
            using var scope = NewDisposeScope();
            using (torch.no_grad())
            {
                var drift = tensor(new[] { Math.Cos(0.3 * t), Math.Cos(0.3 * t + 1), Math.Cos(0.3 * t + 2) }).to(p.dtype);
                var g = p.detach() * tensor(new[] { 0.1, 0.5, 1 }).to(p.dtype) + drift;
                if (p.grad is { } grad)
                    grad.copy_(g);
                else
                    p.grad = g.DetachFromDisposeScope();
            }
            step();
        }
    }
}
