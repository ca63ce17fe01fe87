using System.Net;
using System.Text;

namespace RnnLab.Experiments.Runs;

/// <summary>Text made fit for HTML.</summary>
internal static class HtmlText
{
    /// <summary>Escapes markup; control characters, which HTML may not hold, become their visible symbols.</summary>
    public static string Escape(string text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var character in text.ReplaceLineEndings("\n"))
        {
            visible.Append(character switch
            {
                '\n' or '\t' => character,
                < ' ' => (char)('\u2400' + character),
                '\x7f' => '\u2421',
                >= '\x80' and < '\xa0' => '\uFFFD',
                _ => character,
            });
        }
        return WebUtility.HtmlEncode(visible.ToString());
    }

    /// <summary>A table of names and values.</summary>
    public static string Table(IEnumerable<(string Name, string Value)> rows)
    {
        var table = new StringBuilder("<table>\n");
        foreach (var (name, value) in rows)
        {
            table.Append("<tr><th scope=\"row\">").Append(Escape(name)).Append("</th><td>").Append(Escape(value)).Append("</td></tr>\n");
        }
        return table.Append("</table>\n").ToString();
    }
}
