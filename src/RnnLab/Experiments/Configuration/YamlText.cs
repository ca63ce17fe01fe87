using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace RnnLab.Experiments.Configuration;

/// <summary>
/// Writes a configuration as YAML so that reading it again gives the same values: numbers in their shortest exact form, strings quoted
/// wherever YAML (1.1 or 1.2) might take them for something else. The same tree always gives the same text.
/// </summary>
public static partial class YamlText
{
    /// <summary>The YAML text of a tree, two spaces a level, ending in a line feed; "{}" for an empty one.</summary>
    /// <exception cref="ArgumentException">A value has a type that <see cref="ConfigTree"/> does not list.</exception>
    public static string Write(ConfigTree tree)
    {
        if (tree.Count == 0)
        {
            return "{}\n";
        }
        var text = new StringBuilder();
        WriteTree(text, tree, 0);
        return text.ToString();
    }

    private static void WriteTree(StringBuilder text, ConfigTree tree, int depth)
    {
        foreach (var (key, value) in tree)
        {
            text.Append(' ', 2 * depth).Append(Quote(key)).Append(':');
            if (value is ConfigTree { Count: > 0 } section)
            {
                text.Append('\n');
                WriteTree(text, section, depth + 1);
            }
            else
            {
                text.Append(' ').Append(Flow(value, key)).Append('\n');
            }
        }
    }

    private static string Flow(object? value, string key) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        int or long => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        double number => NonFinite(number) ?? number.ToString("R", CultureInfo.InvariantCulture),
        float number => NonFinite(number) ?? number.ToString("R", CultureInfo.InvariantCulture),
        string word => Quote(word),
        ConfigTree tree => $"{{{string.Join(", ", tree.Select(entry => $"{Quote(entry.Key)}: {Flow(entry.Value, entry.Key)}"))}}}",
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(item => Flow(item, key)))}]",
        _ => throw new ArgumentException($"{key}: a {value.GetType().Name} cannot be written as YAML", nameof(value)),
    };

    private static string? NonFinite(double number) =>
        double.IsNaN(number) ? ".nan" : double.IsPositiveInfinity(number) ? ".inf" : double.IsNegativeInfinity(number) ? "-.inf" : null;

    private static string Quote(string word)
    {
        if (PlainPattern().IsMatch(word) && !YamlScalars.IsNull(word) && YamlScalars.LooseBoolean(word) is null && !YamlScalars.LooksNumeric(word))
        {
            return word;
        }
        var quoted = new StringBuilder("\"");
        foreach (var character in word)
        {
            quoted.Append(character switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                // Control characters, the other line separators and the byte order mark.
                < ' ' or (>= '\x7f' and <= '\xa0') or '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF' => $"\\u{(int)character:X4}",
                _ => character.ToString(),
            });
        }
        return quoted.Append('"').ToString();
    }

    [GeneratedRegex(@"^[A-Za-z_./][A-Za-z0-9_./+-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainPattern();
}
