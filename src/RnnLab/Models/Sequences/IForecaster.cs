namespace RnnLab.Models;

/// <summary>A model of a series of real vectors that can go on by itself.</summary>
public interface IForecaster
{
    /// <summary>Runs over a history with the truth at every step, then feeds its own outputs. Nothing is recorded.</summary>
    /// <param name="history">(T, B, I), T at least 1.</param>
    /// <param name="horizon">Steps to say, at least 1.</param>
    /// <returns>(horizon, B, I): first what follows the history's last step.</returns>
    /// <exception cref="InvalidOperationException">The model's outputs are not what it takes as inputs.</exception>
    Tensor Continue(Tensor history, int horizon);
}
