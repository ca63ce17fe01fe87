using System.Security.Cryptography;
using System.Text;

namespace RnnLab.Tasks;

/// <summary>A text to model, as Unicode characters (scalar values, so that no pair of surrogates is cut).</summary>
/// <param name="Characters">The characters in order.</param>
/// <param name="Source">The file or folder that it came from.</param>
/// <param name="Files">How many files it was put together from.</param>
/// <param name="Sha256">SHA-256 of its UTF-8 form, in hexadecimal.</param>
public sealed record TextCorpus(Rune[] Characters, string Source, int Files, string Sha256)
{
    /// <summary>The kinds of files that a folder's text is made of unless others are named.</summary>
    public static IReadOnlyList<string> DefaultInclude { get; } = [".cs", ".cpp", ".md", ".yaml", ".txt"];

    /// <summary>Reads a text file, or, from a folder, its files one after another.</summary>
    /// <param name="path">
    /// A UTF-8 text file; or a folder, whose files of the kinds <paramref name="include"/> are joined in the ordinal order of their paths:
    /// in a git checkout those that git tracks, elsewhere all but hidden ones.
    /// </param>
    /// <param name="include">Endings of file names, for a folder.</param>
    /// <exception cref="UserException">The path is missing, empty, not readable or not text.</exception>
    public static TextCorpus Load(string path, IReadOnlyList<string>? include = null)
    {
        var folder = Directory.Exists(path);
        if (!folder && !File.Exists(path))
            throw new UserException($"{path}: no such text file or folder");
        IReadOnlyList<string> files = folder ? FolderFiles.List(path, include ?? DefaultInclude) : [path];
        if (files.Count == 0)
            throw new UserException($"{path}: no file here ends in {string.Join(", ", include ?? DefaultInclude)}");
        var text = new StringBuilder();
        foreach (var file in files)
            text.Append(ReadText(file));
        return text.Length == 0 ? throw new UserException($"{path}: the text is empty") : Of(text.ToString(), path, files.Count);
    }

    /// <summary>A text that is at hand.</summary>
    public static TextCorpus Of(string text, string source, int files = 1)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new([.. text.EnumerateRunes()], source, files, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }

    /// <summary>The text as a string.</summary>
    public string Text()
    {
        var text = new StringBuilder(Characters.Length);
        foreach (var character in Characters)
            text.Append(character.ToString());
        return text.ToString();
    }

    private static string ReadText(string file)
    {
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(file));
            var nul = text.IndexOf('\0', StringComparison.Ordinal);
            return nul < 0 ? text.TrimStart('\uFEFF') : throw new UserException($"{file}: this is a binary file (a NUL at character {nul}); expected UTF-8 text");
        }
        catch (DecoderFallbackException exception)
        {
            throw new UserException($"{file}: this is not UTF-8 text (byte {exception.Index}); convert it or name another file", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{file}: cannot be read: {exception.Message}", exception);
        }
    }
}
