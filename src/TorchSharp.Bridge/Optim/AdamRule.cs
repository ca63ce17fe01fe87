using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// What Adam and AdamW share: m ← beta1 m + (1 − beta1) g; v ← beta2 v + (1 − beta2) g²;
/// θ ← θ − lr / (1 − beta1^t) · m / (√v / √(1 − beta2^t) + eps), with AMSGrad the largest v so far in place of v.
/// </summary>
internal static class AdamRule
{
    internal static void Update(
        Parameter param, Tensor g, long t, Tensor m, Tensor v, Tensor? largest, double lr, double beta1, double beta2, double eps)
    {
        m.mul_(beta1).add_(g, alpha: 1 - beta1);
        v.mul_(beta2).addcmul_(g, g, value: 1 - beta2);
        largest?.copy_(maximum(largest, v));

        var correction1 = 1 - Math.Pow(beta1, t);
        var correction2 = 1 - Math.Pow(beta2, t);
        var denominator = (largest ?? v).sqrt().div_(Math.Sqrt(correction2)).add_(eps);
        param.addcdiv_(m, denominator, value: -lr / correction1);
    }
}
