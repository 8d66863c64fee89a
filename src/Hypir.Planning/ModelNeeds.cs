using System.Text.Json;
using Hypir.Core.Files;

namespace Hypir.Planning;

/// <summary>A model's requirements for the pipeline: its <c>hypir.json</c>, or the reference's rules if it has none.</summary>
public sealed record ModelNeeds
{
    /// <summary>The file's name within a model's folder.</summary>
    public const string FileName = "hypir.json";

    /// <summary>The reference's rules, which apply to models without the file.</summary>
    public static ModelNeeds Reference { get; } = new();

    /// <summary>The model's display name, or null.</summary>
    public string? Name { get; init; }

    /// <summary>Side of a tile in pixels; a multiple of <see cref="Multiple"/>.</summary>
    public int Patch { get; init; } = 512;

    /// <summary>Distance between tiles in pixels; a multiple of <see cref="Multiple"/>, at most <see cref="Patch"/>.</summary>
    public int Stride { get; init; } = 256;

    /// <summary>Sides of the model's input are multiples of this many pixels.</summary>
    public int Multiple { get; init; } = 8;

    /// <summary>The smallest side that the model accepts, in pixels; null for the tile in use, as in the reference.</summary>
    public int? Minimum { get; init; }

    /// <summary>What to do with a smaller image.</summary>
    public BelowMinimum BelowMinimum { get; init; } = BelowMinimum.Enlarge;

    /// <summary>The type in which the model should be computed; <see cref="ComputePrecision.Auto"/> leaves it to the device.</summary>
    public ComputePrecision Precision { get; init; } = ComputePrecision.Auto;

    /// <summary>The UNet's timestep input.</summary>
    public int ModelT { get; init; } = 200;

    /// <summary>Timestep of the one-step formula.</summary>
    public int CoeffT { get; init; } = 200;

    /// <summary>Reads the file in a model's folder, or returns <see cref="Reference"/> if there is none.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <exception cref="ModelException">The file is invalid; the message names the entry.</exception>
    public static ModelNeeds OfFolder(string folder)
    {
        string path = Path.Combine(folder, FileName);
        return File.Exists(path) ? ModelNeedsReader.Read(path) : Reference;
    }
}

/// <summary>
/// Reads <c>hypir.json</c>. Every entry is checked, and an unknown one is refused: it is a typo, or requests something that this version
/// lacks.
/// </summary>
internal sealed class ModelNeedsReader
{
    private const int Format = 1;
    private const long LongestFile = 1 << 16;
    private const int LargestSide = 1 << 14;

    private readonly string _path;

    private ModelNeedsReader(string path) => _path = path;

    public static ModelNeeds Read(string path)
    {
        var reader = new ModelNeedsReader(path);
        try
        {
            if (new FileInfo(path).Length > LongestFile)
                throw reader.Wrong($"the file is longer than {LongestFile} bytes");
            using var document = JsonDocument.Parse(File.ReadAllText(RegularFile.Require(path)));
            return reader.Needs(document.RootElement);
        }
        catch (JsonException e)
        {
            throw reader.Wrong($"this is not JSON ({e.Message})", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw reader.Wrong($"the file cannot be read ({e.Message})", e);
        }
    }

    private ModelNeeds Needs(JsonElement root)
    {
        Known(root, "", "format", "name", "patch", "precision", "model_t", "coeff_t");
        if (Number(root, "", "format", 1, int.MaxValue, Format) is var format and not Format)
            throw Wrong($"\"format\" is {format}; this version reads {Format}");
        var needs = new ModelNeeds
        {
            Name = root.TryGetProperty("name", out var name) ? Text(name, "name") : null,
            Precision = Choice(root, "", "precision", ModelNeeds.Reference.Precision),
            ModelT = Number(root, "", "model_t", 0, 999, ModelNeeds.Reference.ModelT),
            CoeffT = Number(root, "", "coeff_t", 0, 999, ModelNeeds.Reference.CoeffT),
        };
        return root.TryGetProperty("patch", out var patch) ? Patch(patch, needs) : needs;
    }

    private ModelNeeds Patch(JsonElement patch, ModelNeeds needs)
    {
        const string Within = "patch.";
        Known(patch, Within, "size", "stride", "multiple", "minimum", "below_minimum");
        int size = Number(patch, Within, "size", 1, LargestSide, needs.Patch);
        int stride = Number(patch, Within, "stride", 1, size, Math.Min(needs.Stride, size));
        int multiple = Number(patch, Within, "multiple", 1, size, needs.Multiple);
        if (size % multiple != 0 || stride % multiple != 0)
            throw Wrong($"\"patch.size\" ({size}) and \"patch.stride\" ({stride}) must be multiples of \"patch.multiple\" ({multiple})");
        return needs with
        {
            Patch = size,
            Stride = stride,
            Multiple = multiple,
            Minimum = patch.TryGetProperty("minimum", out _) ? Number(patch, Within, "minimum", 1, size, size) : null,
            BelowMinimum = Choice(patch, Within, "below_minimum", needs.BelowMinimum),
        };
    }

    private void Known(JsonElement element, string within, params string[] names)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Wrong(within.Length == 0 ? "an object { … } is expected" : $"\"{within.TrimEnd('.')}\" must be an object {{ … }}");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            if (!names.Contains(property.Name, StringComparer.Ordinal))
                throw Wrong($"\"{within}{property.Name}\" is unknown (known: {string.Join(", ", names)})");
            if (!seen.Add(property.Name))
                throw Wrong($"\"{within}{property.Name}\" appears twice");
        }
    }

    private int Number(JsonElement element, string within, string name, int least, int most, int absent)
    {
        if (!element.TryGetProperty(name, out var value))
            return absent;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out int number) || number < least || number > most)
            throw Wrong($"\"{within}{name}\" must be a whole number, {least} to {most}, not {value.GetRawText()}");
        return number;
    }

    private T Choice<T>(JsonElement element, string within, string name, T absent)
        where T : struct, Enum
    {
        if (!element.TryGetProperty(name, out var value))
            return absent;
        string text = Text(value, within + name);
        foreach (T choice in Enum.GetValues<T>())
            if (choice.ToString().Equals(text, StringComparison.OrdinalIgnoreCase))
                return choice;
        throw Wrong($"\"{within}{name}\" is \"{text}\"; it can be {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}");
    }

    private string Text(JsonElement value, string name) => value.ValueKind == JsonValueKind.String
        ? value.GetString()!
        : throw Wrong($"\"{name}\" must be text, not {value.GetRawText()}");

    private ModelException Wrong(string what, Exception? inner = null) =>
        new($"{_path}: {what}.", "Correct the file, or remove it to use the reference's rules.", inner);
}
