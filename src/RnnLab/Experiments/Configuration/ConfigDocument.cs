using System.Text;

namespace RnnLab.Experiments.Configuration;

/// <summary>
/// A configuration file with the command line's overrides applied to it. Read it through <see cref="Root"/>, then call
/// <see cref="ConfigSection.RejectUnknown"/> once, so that every key is either understood or reported.
/// </summary>
public sealed class ConfigDocument
{
    private const long MaxBytes = 1 << 20;
    private const string Expected = "a YAML mapping of keys to values";

    private ConfigDocument(string name, string folder, MapNode root)
    {
        Name = name;
        Folder = folder;
        Root = new ConfigSection(this, root, "");
    }

    /// <summary>The file as error messages name it: the path that was given.</summary>
    public string Name { get; }

    /// <summary>The folder against which the file's relative paths are taken.</summary>
    public string Folder { get; }

    /// <summary>The document's top level.</summary>
    public ConfigSection Root { get; }

    /// <summary>
    /// Reads a YAML file and applies overrides of the form <c>key.path=value</c>, in order. A value that starts with { or [ or a quote is
    /// read as YAML, anything else is a plain scalar, taken as it stands. An override replaces what the file says and creates the
    /// sections that are missing.
    /// </summary>
    /// <exception cref="ConfigException">
    /// The file is missing, a folder, unreadable, empty, not UTF-8, over 1 MiB, or not well-formed YAML with one mapping at its root and
    /// no key given twice; or an override is malformed.
    /// </exception>
    public static ConfigDocument Load(string path, IEnumerable<string>? overrides = null) =>
        Parse(ReadText(path), path, Path.GetDirectoryName(Path.GetFullPath(path))!, overrides);

    /// <summary>
    /// As <see cref="Load"/>, from text: <paramref name="name"/> stands for the file in messages, <paramref name="folder"/> is its
    /// folder.
    /// </summary>
    /// <exception cref="ConfigException">As for <see cref="Load"/>.</exception>
    public static ConfigDocument Parse(string text, string name, string folder, IEnumerable<string>? overrides = null)
    {
        var root = YamlReader.ReadFile(text, name) switch
        {
            MapNode map => map,
            null or ScalarNode { IsNull: true } => throw new ConfigException($"{name}: the file is empty; expected {Expected}"),
            var other => throw new ConfigException($"{other.Origin.Describe("")}: expected {Expected}, got {other.Shown}"),
        };
        foreach (var argument in overrides ?? [])
        {
            ConfigOverride.Apply(root, argument);
        }
        return new ConfigDocument(name, folder, root);
    }

    private static string ReadText(string path)
    {
        if (Directory.Exists(path))
        {
            throw new ConfigException($"{path}: this is a folder; expected a YAML file");
        }
        try
        {
            var length = new FileInfo(path).Length;
            if (length > MaxBytes)
            {
                throw new ConfigException($"{path}: {length} bytes are too many for a configuration; expected a YAML file of at most {MaxBytes}");
            }
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path));
            return text.Contains('\0') ? throw new ConfigException($"{path}: this is a binary file; expected YAML") : text.TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException exception)
        {
            throw new ConfigException($"{path}: this is not UTF-8 text; expected YAML", exception);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or ArgumentException)
        {
            throw new ConfigException($"{path}: no such file", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new ConfigException($"{path}: permission denied", exception);
        }
        catch (IOException exception)
        {
            throw new ConfigException($"{path}: cannot be read: {exception.Message}", exception);
        }
    }
}
