using System.Text.Json;
using Hypir.Core.Files;

namespace Hypir.Planning.Configs;

/// <summary>Reads one configuration file; an invalid value is reported with the file, the key and what is expected.</summary>
internal sealed class ConfigReader
{
    private readonly JsonElement _json;
    private readonly string _path;

    public ConfigReader(JsonElement json, string path)
    {
        (_json, _path) = (json, path);
        if (json.ValueKind != JsonValueKind.Object)
            throw new ModelException($"{path}: a configuration must be a JSON object.", "Take the file from the model's own folder.");
    }

    public static JsonElement ReadFile(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(RegularFile.Require(path)));
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new ModelException($"{path}: not readable as JSON: {e.Message}", "Download the file again.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path}: {e.Message}", "A model folder needs this file.", e);
        }
    }

    public bool Has(string key) => _json.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    public long Long(string key, long standard) => !Has(key) ? standard : ToLong(key, _json.GetProperty(key));

    public double Double(string key, double standard)
    {
        if (!Has(key))
            return standard;
        JsonElement value = _json.GetProperty(key);
        return value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw Wrong(key, "a number");
    }

    public bool Bool(string key, bool standard)
    {
        if (!Has(key))
            return standard;
        return _json.GetProperty(key).ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Wrong(key, "true or false"),
        };
    }

    public string Text(string key, string standard)
    {
        if (!Has(key))
            return standard;
        JsonElement value = _json.GetProperty(key);
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(key, "a text");
    }

    public IReadOnlyList<long> Longs(string key)
    {
        if (!Has(key) || _json.GetProperty(key) is not { ValueKind: JsonValueKind.Array } array || array.GetArrayLength() == 0)
            throw Wrong(key, "a list of whole numbers");
        return [.. array.EnumerateArray().Select(value => ToLong(key, value))];
    }

    public IReadOnlyList<double> Doubles(string key)
    {
        JsonElement value = _json.GetProperty(key);
        return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.Number)
            ? [.. value.EnumerateArray().Select(v => v.GetDouble())]
            : throw Wrong(key, "a list of numbers");
    }

    /// <summary>One number for all levels, or a list with one per level.</summary>
    public IReadOnlyList<long> PerLevel(string key, int levels, long? standard = null)
    {
        if (!Has(key))
            return [.. Enumerable.Repeat(standard ?? throw Wrong(key, "a number"), levels)];
        if (_json.GetProperty(key).ValueKind != JsonValueKind.Array)
            return [.. Enumerable.Repeat(Long(key, 0), levels)];
        IReadOnlyList<long> list = Longs(key);
        return list.Count == levels ? list : throw Wrong(key, $"a number or a list of {levels}, one for each level");
    }

    public IReadOnlyList<bool> Kinds(string key, int levels, params (string Name, bool Value)[] known)
    {
        if (!Has(key) || _json.GetProperty(key) is not { ValueKind: JsonValueKind.Array } array || array.GetArrayLength() != levels)
            throw Wrong(key, $"a list of {levels} block types, one for each level");
        return [.. array.EnumerateArray().Select(value =>
        {
            string? name = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            foreach ((string Name, bool Value) kind in known)
            {
                if (kind.Name == name)
                    return kind.Value;
            }

            throw Unsupported(key, $"holds {name ?? value.GetRawText()}; known are {string.Join(", ", known.Select(k => k.Name))}");
        })];
    }

    public T Kind<T>(string key, string standard, params (string? Name, T Value)[] known)
    {
        string? name = !_json.TryGetProperty(key, out JsonElement value) ? standard
            : value.ValueKind == JsonValueKind.Null ? null
            : Text(key, standard);
        foreach ((string? Name, T Value) kind in known)
        {
            if (kind.Name == name)
                return kind.Value;
        }

        throw Unsupported(key, $"is {name ?? "null"}; known are {string.Join(", ", known.Select(k => k.Name ?? "null"))}");
    }

    /// <summary>Rejects options that would make a different network: they must be absent, null or false.</summary>
    public void RequireOff(params string[] keys)
    {
        foreach (string key in keys)
        {
            if (Has(key) && _json.GetProperty(key).ValueKind != JsonValueKind.False)
                throw Unsupported(key, $"is {_json.GetProperty(key).GetRawText()}");
        }
    }

    public void RequireValue(string key, string only)
    {
        string value = Text(key, only);
        if (value != only)
            throw Unsupported(key, $"is \"{value}\" and not \"{only}\"");
    }

    public void RequireDivides(string key, long divisor, long value)
    {
        if (divisor < 1 || value % divisor != 0)
            throw Wrong(key, $"a divisor of each level's {value} channels");
    }

    public ModelException Wrong(string key, string right) =>
        new($"{_path}: \"{key}\" should be {right}.", "Take the file from the model's own folder.");

    public ModelException Unsupported(string key, string what) => new($"{_path}: \"{key}\" {what}: this is a network of another family.",
        "Use a model with the architecture of Stable Diffusion 2.1, or one of this project's own.");

    private long ToLong(string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number is >= 0 and <= 1 << 24
            ? number
            : throw Wrong(key, "a whole number that is not negative");
}
