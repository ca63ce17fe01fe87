namespace TorchSharp.Bridge.Tests.Optim;

/// <summary>PyTorch's published update rules for one number, one step at a time.</summary>
internal static class Rules
{
    internal delegate double Rule(double theta, double g, double lr);

    internal static Rule Sgd(
        double momentum = 0, double dampening = 0, double weightDecay = 0, bool nesterov = false, bool maximize = false)
    {
        double? b = null;
        return (theta, g, lr) =>
        {
            g = (maximize ? -g : g) + weightDecay * theta;
            if (momentum == 0) return theta - lr * g;
            b = b is { } old ? momentum * old + (1 - dampening) * g : g;
            return theta - lr * (nesterov ? g + momentum * b.Value : b.Value);
        };
    }

    internal static Rule Adam(
        double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weightDecay = 0, bool amsgrad = false, bool maximize = false,
        bool decoupled = false)
    {
        var (t, m, v, largest) = (0, 0.0, 0.0, 0.0);
        return (theta, g, lr) =>
        {
            t++;
            if (maximize) g = -g;
            if (decoupled) theta -= lr * weightDecay * theta;
            else g += weightDecay * theta;
            m = beta1 * m + (1 - beta1) * g;
            v = beta2 * v + (1 - beta2) * g * g;
            largest = Math.Max(largest, v);
            var mHat = m / (1 - Math.Pow(beta1, t));
            var vHat = (amsgrad ? largest : v) / (1 - Math.Pow(beta2, t));
            return theta - lr * mHat / (Math.Sqrt(vHat) + eps);
        };
    }

    internal static Rule RmsProp(
        double alpha = 0.99, double eps = 1e-8, double weightDecay = 0, double momentum = 0, bool centered = false, bool maximize = false)
    {
        var (v, mean, b) = (0.0, 0.0, 0.0);
        return (theta, g, lr) =>
        {
            g = (maximize ? -g : g) + weightDecay * theta;
            v = alpha * v + (1 - alpha) * g * g;
            mean = alpha * mean + (1 - alpha) * g;
            var scaled = g / (Math.Sqrt(centered ? v - mean * mean : v) + eps);
            if (momentum == 0) return theta - lr * scaled;
            b = momentum * b + scaled;
            return theta - lr * b;
        };
    }
}
