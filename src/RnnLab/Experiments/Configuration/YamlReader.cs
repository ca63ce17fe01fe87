using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using Scalar = YamlDotNet.Core.Events.Scalar;

namespace RnnLab.Experiments.Configuration;

/// <summary>
/// Builds the tree of one YAML document from the parser's events, which is what lets a duplicate key be named with both of its lines.
/// </summary>
internal sealed class YamlReader
{
    private const int MaxDepth = 32;

    private readonly Parser _parser;
    private readonly Func<Mark, ConfigOrigin> _originOf;

    private YamlReader(string text, Func<Mark, ConfigOrigin> originOf)
    {
        _parser = new Parser(new StringReader(text));
        _originOf = originOf;
    }

    /// <summary>The document of a file; null where it is empty.</summary>
    public static ConfigNode? ReadFile(string text, string name)
    {
        var reader = new YamlReader(text, mark => ConfigOrigin.OfFile(name, (int)mark.Line));
        try
        {
            return reader.Document();
        }
        catch (Exception exception) when (IsParserFailure(exception))
        {
            throw new ConfigException(reader.Malformed(text, name, exception), exception);
        }
    }

    /// <summary>The value of a command-line override: a flow value or a quoted scalar.</summary>
    public static ConfigNode? ReadArgument(string text, string argument)
    {
        try
        {
            return new YamlReader(text, _ => ConfigOrigin.OfArgument(argument)).Document();
        }
        catch (Exception exception) when (IsParserFailure(exception))
        {
            throw new ConfigException($"command line: {argument}: malformed value: {Reason(exception)}", exception);
        }
    }

    private ConfigNode? Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _))
        {
            return null;
        }
        _parser.Consume<DocumentStart>();
        var root = Node("", 0);
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
        {
            throw Error(second.Start, "", "a second document starts here; expected one");
        }
        return root;
    }

    private ConfigNode Node(string path, int depth)
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            // An override would have to change one use of a shared value and not the other.
            throw Error(alias.Start, path, $"the alias *{alias.Value.Value} is not supported; write the value out");
        }
        var start = _parser.Consume<NodeEvent>();
        if (!start.Tag.IsEmpty && !start.Tag.IsNonSpecific)
        {
            throw Error(start.Start, path, $"the tag {start.Tag.Value} is not supported");
        }
        if (depth > MaxDepth)
        {
            throw Error(start.Start, path, $"nested deeper than {MaxDepth} levels");
        }
        var origin = _originOf(start.Start);
        return start switch
        {
            Scalar scalar => new ScalarNode(origin, scalar.Value, scalar.Style != ScalarStyle.Plain),
            SequenceStart => List(origin, path, depth),
            _ => Map(origin, path, depth),
        };
    }

    private ListNode List(ConfigOrigin origin, string path, int depth)
    {
        var items = new List<ConfigNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Node($"{path}[{items.Count}]", depth + 1));
        }
        return new ListNode(origin, items);
    }

    private MapNode Map(ConfigOrigin origin, string path, int depth)
    {
        var map = new MapNode(origin);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var start = _parser.Current!.Start;
            if (!_parser.TryConsume<Scalar>(out var scalar))
            {
                throw Error(start, path, "a key must be a word, not a list, a mapping or an alias");
            }
            var key = scalar.Value;
            var keyPath = path.Length == 0 ? key : $"{path}.{key}";
            if (map.Find(key) is { } first)
            {
                var where = first.Origin.FromCommandLine ? "" : $" (first on line {first.Origin.Line})";
                throw Error(start, keyPath, $"given twice{where}");
            }
            map.Set(new ConfigEntry(key, _originOf(start), Node(keyPath, depth + 1)));
        }
        return map;
    }

    private ConfigException Error(Mark mark, string path, string problem) => new($"{_originOf(mark).Describe(path)}: {problem}");

    // YamlDotNet lets these two escape as well, on some unclosed brackets and malformed tags.
    private static bool IsParserFailure(Exception exception) => exception is YamlException or InvalidOperationException or ArgumentException;

    private string Malformed(string text, string name, Exception exception)
    {
        var mark = exception is YamlException located ? located.Start : _parser.Current?.End ?? Mark.Empty;
        var line = Math.Max(1, (int)mark.Line);
        // The parser's own words about a tab are obscure, and name a line beside the tab's or the one where the mapping began.
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var further = exception.Message.Contains(" tab ", StringComparison.Ordinal) ? lines.Length - line : 0;
        foreach (var candidate in (int[])[line, line + 1, line - 1, .. Enumerable.Range(line, further)])
        {
            if (candidate >= 1 && candidate <= lines.Length && IsIndentedByTab(lines[candidate - 1]))
            {
                return $"{name}:{candidate}: a tab in the indentation; YAML is indented with spaces";
            }
        }
        return $"{name}:{line}: malformed YAML: {Reason(exception)}";
    }

    private static bool IsIndentedByTab(string line) => line.AsSpan(0, line.Length - line.AsSpan().TrimStart().Length).Contains('\t');

    private static string Reason(Exception exception)
    {
        var reason = exception is YamlException ? exception.Message.ReplaceLineEndings(" ").Trim().TrimEnd('.') : "";
        return reason.Length == 0 ? "it cannot be parsed; is a bracket or a quote left open?" : char.ToLowerInvariant(reason[0]) + reason[1..];
    }
}
