namespace RnnLab.Layers;

/// <summary>Columns of a recurrence's output that one direction gives.</summary>
/// <param name="Width">How many they are.</param>
/// <param name="Reverse">Whether the direction runs from the last step to the first, and so has seen the whole sequence at its first step.</param>
public readonly record struct ReadoutPart(long Width, bool Reverse);
