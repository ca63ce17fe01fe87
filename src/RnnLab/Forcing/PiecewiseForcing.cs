namespace RnnLab.Forcing;

/// <summary>ε_i through given points (i, p): on the straight line between two of them, the first one's p before it and the last one's after it.</summary>
public sealed record PiecewiseForcing : ForcingSchedule
{
    private readonly (double I, double Probability)[] _points;

    /// <summary>A schedule.</summary>
    /// <param name="points">At least one, i growing from one to the next and at least 0, p in [0, 1].</param>
    /// <exception cref="ArgumentException">There is none, or the i do not grow.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An i or a p is out of its range.</exception>
    public PiecewiseForcing(IReadOnlyList<(double I, double Probability)> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count == 0)
            throw new ArgumentException("a piecewise schedule needs a point", nameof(points));
        for (var n = 0; n < points.Count; n++)
        {
            Require.Progress(points[n].I);
            Require.Probability(points[n].Probability, nameof(points));
            if (n > 0 && points[n].I <= points[n - 1].I)
                throw new ArgumentException($"a piecewise schedule has {points[n].I} after {points[n - 1].I}; its points must come in growing order", nameof(points));
        }
        _points = [.. points];
    }

    /// <summary>The points.</summary>
    public IReadOnlyList<(double I, double Probability)> Points => _points;

    /// <inheritdoc/>
    public override double At(double i)
    {
        var next = Array.FindIndex(_points, point => point.I > Require.Progress(i));
        if (next <= 0)
            return _points[next == 0 ? 0 : ^1].Probability;
        var ((i0, p0), (i1, p1)) = (_points[next - 1], _points[next]);
        return p0 + (p1 - p0) * ((i - i0) / (i1 - i0));
    }

    /// <summary>Whether the points are the same.</summary>
    public bool Equals(PiecewiseForcing? other) => other is not null && _points.SequenceEqual(other._points);

    /// <inheritdoc/>
    public override int GetHashCode() => _points.Aggregate(0, HashCode.Combine);
}
