namespace RnnLab.Tasks;

/// <summary>
/// The Reber grammar (Reber 1967) and the embedded one (Smith and Zipser 1989) as automata: each string begins in state 0 and takes one of a
/// state's arcs, alike, until there is none.
/// Embedded, a string is B, then T or P, then a whole Reber string, then that same T or P, then E.
/// </summary>
public sealed class ReberGrammar
{
    // State by state, each arc by its symbol and the state that it leads to.
    private static readonly string[] Reber = ["B1", "T2 P3", "S2 X4", "T3 V5", "X3 S6", "P4 V6", "E7", ""];
    private readonly (long Symbol, int Next)[][] _arcs;

    private ReberGrammar((long, int)[][] arcs) => _arcs = arcs;

    /// <summary>The plain grammar.</summary>
    public static ReberGrammar Plain { get; } = new([.. Inner(0)]);

    /// <summary>The embedded grammar: the whole plain one twice, for T and for P.</summary>
    public static ReberGrammar Embedded { get; } = MakeEmbedded();

    /// <summary>The symbols in the order of their tokens.</summary>
    public static IReadOnlyList<string> Symbols { get; } = ["B", "T", "P", "S", "X", "V", "E"];

    /// <summary>A string.</summary>
    public long[] Draw(Draws draws)
    {
        ArgumentNullException.ThrowIfNull(draws);
        var symbols = new List<long>();
        for (var state = 0; _arcs[state].Length > 0;)
        {
            var (symbol, next) = draws.Choice(_arcs[state]);
            symbols.Add(symbol);
            state = next;
        }
        return [.. symbols];
    }

    /// <summary>Which symbols may follow each symbol of the beginning of a string.</summary>
    /// <exception cref="ArgumentException">It is not the beginning of a string of the grammar.</exception>
    public IReadOnlyList<IReadOnlyList<long>> Successors(IReadOnlyList<long> beginning)
    {
        ArgumentNullException.ThrowIfNull(beginning);
        var (sets, state) = (new List<IReadOnlyList<long>>(), 0);
        foreach (var symbol in beginning)
        {
            var arc = Array.FindIndex(_arcs[state], arc => arc.Symbol == symbol);
            if (arc < 0)
                throw new ArgumentException($"not the beginning of a string of the Reber grammar: {string.Concat(beginning.Select(s => Symbols[(int)s]))}");
            state = _arcs[state][arc].Next;
            sets.Add([.. _arcs[state].Select(next => next.Symbol)]);
        }
        return sets;
    }

    /// <summary>
    /// p(next symbol | present symbol), (7, 7), of a symbol of a random string that is not its last: what is to be known of the next by the present one
    /// alone.
    /// </summary>
    public double[,] NextBySymbol()
    {
        var k = Symbols.Count;
        var counts = new double[k, k];
        var mass = new double[_arcs.Length, k];
        mass[1, _arcs[0][0].Symbol] = 1;
        // What is still on its way shrinks at least geometrically; the rest would not change a double.
        for (var left = 1.0; left > 1e-18;)
        {
            var next = new double[_arcs.Length, k];
            left = 0;
            for (var state = 0; state < _arcs.Length; state++)
                for (var symbol = 0; symbol < k; symbol++)
                    foreach (var arc in mass[state, symbol] > 0 ? _arcs[state] : [])
                    {
                        var share = mass[state, symbol] / _arcs[state].Length;
                        counts[symbol, arc.Symbol] += share;
                        next[arc.Next, arc.Symbol] += share;
                        left += share;
                    }
            mass = next;
        }
        return Normalised(counts);
    }

    private static double[,] Normalised(double[,] counts)
    {
        for (var i = 0; i < counts.GetLength(0); i++)
        {
            var sum = Enumerable.Range(0, counts.GetLength(1)).Sum(j => counts[i, j]);
            for (var j = 0; j < counts.GetLength(1); j++)
                counts[i, j] /= sum > 0 ? sum : 1;
        }
        return counts;
    }

    private static ReberGrammar MakeEmbedded()
    {
        var (t, p, end) = (2, 2 + Reber.Length, 2 + 2 * Reber.Length);
        (long, int)[][] arcs =
        [
            [(Token('B'), 1)], [(Token('T'), t), (Token('P'), p)],
            .. Inner(t)[..^1], [(Token('T'), end)],
            .. Inner(p)[..^1], [(Token('P'), end)],
            [(Token('E'), end + 1)], [],
        ];
        return new(arcs);
    }

    /// <summary>The plain grammar's arcs, its states counted from some number.</summary>
    private static (long, int)[][] Inner(int first)
        => [.. Reber.Select(arcs => arcs.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(arc => (Token(arc[0]), first + arc[1] - '0')).ToArray())];

    private static long Token(char symbol) => "BTPSXVE".IndexOf(symbol, StringComparison.Ordinal);
}
