using System.Text.Json;

namespace RnnLab.Tasks;

/// <summary>
/// Pieces of music by part, from JSON: {"train": [piece, …], "valid": […], "test": […]}, a piece an array of steps, a step an array of the MIDI numbers that sound.
/// </summary>
internal sealed class PianoRollFile
{
    /// <summary>The lowest note of a piano (A0).</summary>
    public const int Lowest = 21;

    /// <summary>Notes of a piano, up to 108 (C8).</summary>
    public const int Notes = 88;

    private readonly JsonElement _root;
    private readonly MalformedRecords _malformed;

    /// <summary>Reads a file.</summary>
    /// <exception cref="UserException">It cannot be read or is not of that form.</exception>
    public PianoRollFile(string path, MalformedRecords malformed)
    {
        (Path, _malformed) = (path, malformed);
        var bytes = DataFile.Bytes(path);
        Sha256 = DataFile.Sha256(bytes);
        if (bytes.Length == 0)
            throw new UserException($"{path}: the file is empty");
        try
        {
            var json = bytes.AsMemory(bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0);
            using var document = JsonDocument.Parse(json);
            _root = document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw new UserException($"{path}:{exception.LineNumber + 1}: this is not JSON (byte {exception.BytePositionInLine} of the line)", exception);
        }
        if (_root.ValueKind != JsonValueKind.Object)
            throw new UserException($"{path}: expected {{\"train\": …, \"valid\": …, \"test\": …}}");
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>SHA-256 of its bytes.</summary>
    public string Sha256 { get; }

    /// <summary>A part's pieces, each step's bits as the places of the notes that sound; null where the part is not there.</summary>
    /// <param name="part">The part's name.</param>
    /// <param name="maxPieces">The first so many; 0: all.</param>
    /// <param name="maxSteps">Steps that a piece may have; 0: any number.</param>
    /// <exception cref="UserException">A piece is malformed and not to be skipped, or there is none.</exception>
    public IReadOnlyList<byte[][]>? Pieces(string part, int maxPieces, int maxSteps)
    {
        if (!_root.TryGetProperty(part, out var pieces))
            return null;
        if (pieces.ValueKind != JsonValueKind.Array)
            throw new UserException($"{Path}: {part}: expected an array of pieces");
        var read = new List<byte[][]>();
        var number = 0;
        foreach (var piece in pieces.EnumerateArray())
        {
            if (maxPieces > 0 && read.Count == maxPieces)
                break;
            try
            {
                read.Add(Piece(piece, maxSteps));
            }
            catch (MalformedRecordException exception)
            {
                _malformed.Take($"{Path}: {part}[{number}]", exception.Message);
            }
            number++;
        }
        return read.Count > 0 ? read : throw new UserException($"{Path}: there are no pieces in {part}{_malformed}");
    }

    private static byte[][] Piece(JsonElement piece, int maxSteps)
    {
        if (piece.ValueKind != JsonValueKind.Array)
            throw new MalformedRecordException("expected an array of steps");
        var steps = piece.GetArrayLength();
        if (steps < 2)
            throw new MalformedRecordException($"expected two steps or more, this piece has {steps}");
        if (maxSteps > 0 && steps > maxSteps)
            throw new MalformedRecordException($"a piece of {steps} steps is over max_length {maxSteps}");
        return [.. piece.EnumerateArray().Select(Step)];
    }

    private static byte[] Step(JsonElement step, int number)
        => step.ValueKind == JsonValueKind.Array
            ? [.. step.EnumerateArray().Select(note => Note(note, number)).Distinct()]
            : throw new MalformedRecordException($"step {number}: expected an array of notes");

    private static byte Note(JsonElement note, int step)
        => note.ValueKind == JsonValueKind.Number && note.TryGetDouble(out var number) && number is >= Lowest and < Lowest + Notes && double.IsInteger(number)
            ? (byte)(number - Lowest)
            : throw new MalformedRecordException($"step {step}: expected a note from {Lowest} to {Lowest + Notes - 1}, this is {note.GetRawText()}");
}
