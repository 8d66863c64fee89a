using System.Text.Json;
using System.Text.Unicode;
using static TorchSharp.torch;

namespace Hypir.Networks.Checkpoints;

/// <summary>
/// Reads the JSON header of a safetensors file and checks every rule of the format: valid UTF-8 JSON that starts with <c>{</c>, unique
/// names, known types, valid sizes and byte counts, and ranges that are contiguous and end at the end of the file.
/// </summary>
/// <remarks>Format: https://huggingface.co/docs/safetensors (header length as little-endian 64-bit number, header, data).</remarks>
internal sealed class SafetensorsHeader
{
    /// <summary>The format's own limit.</summary>
    public const long MaxBytes = 100_000_000;

    public const string MetadataKey = "__metadata__";

    // libtorch's kernels support tensors of at most 64 dimensions.
    private const int MaxRank = 64;

    private readonly TensorFile _file;
    private readonly Dictionary<string, SafetensorsEntry> _entries = new(StringComparer.Ordinal);
    private Dictionary<string, string>? _metadata;

    private SafetensorsHeader(TensorFile file) => _file = file;

    /// <summary>Every tensor by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries => _entries;

    /// <summary>The file's text metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata ?? [];

    /// <exception cref="CheckpointException">The header breaks a rule of the format.</exception>
    public static SafetensorsHeader Parse(TensorFile file, ReadOnlySpan<byte> json, long dataLength)
    {
        var header = new SafetensorsHeader(file);
        if (json.IsEmpty || json[0] != '{')
            throw header.Json("the header does not start with {");
        if (!Utf8.IsValid(json))
            throw header.Json("the header is not valid UTF-8");
        try
        {
            header.ParseObject(json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escape in a string that is not text (half of a surrogate pair).
            throw header.Json($"the header is not valid JSON ({e.Message})", e);
        }
        header.CheckPlaces(dataLength);
        return header;
    }

    private void ParseObject(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 16 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (name == MetadataKey)
                ParseMetadata(ref reader);
            else if (!_entries.TryAdd(name, ParseTensor(name, ref reader)))
                throw Json($"the tensor \"{name}\" appears twice");
        }
        while (reader.Read())
        {
            // Only white space may follow the object, which the reader checks.
        }
    }

    private void ParseMetadata(ref Utf8JsonReader reader)
    {
        if (_metadata is not null)
            throw Json($"{MetadataKey} appears twice");
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Fail(CheckpointErrorKind.BadMetadata, $"{MetadataKey} is not an object.");
        _metadata = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                throw Fail(CheckpointErrorKind.BadMetadata, $"{MetadataKey}: the value of \"{key}\" is not a text.");
            if (!_metadata.TryAdd(key, reader.GetString()!))
                throw Json($"{MetadataKey}: \"{key}\" appears twice");
        }
    }

    private SafetensorsEntry ParseTensor(string name, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Json($"\"{name}\" is not an object");
        ScalarType? type = null;
        List<long>? shape = null, offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string field = reader.GetString()!;
            bool again = field switch
            {
                "dtype" => type is not null,
                "shape" => shape is not null,
                "data_offsets" => offsets is not null,
                _ => false,
            };
            if (again)
                throw Json($"\"{name}\" has {field} twice");
            reader.Read();
            switch (field)
            {
                case "dtype": type = ParseType(name, ref reader); break;
                case "shape": shape = ParseNumbers(name, CheckpointErrorKind.BadShape, "shape", ref reader); break;
                case "data_offsets": offsets = ParseNumbers(name, CheckpointErrorKind.BadOffsets, "data_offsets", ref reader); break;
                default: throw Json($"\"{name}\" has an unknown field, \"{field}\"");
            }
        }
        if (type is null || shape is null || offsets is null)
            throw Json($"\"{name}\" lacks dtype, shape or data_offsets");
        return Check(new TensorInfo(name, type.Value, shape), offsets);
    }

    private ScalarType ParseType(string name, ref Utf8JsonReader reader)
    {
        string? text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        if (text is not null && SafetensorsTypes.TryParse(text, out var type))
            return type;
        string what = text is null ? "no text" : $"\"{text}\"";
        throw Fail(CheckpointErrorKind.UnsupportedDtype, $"the element type of \"{name}\" is {what}, which is not supported.",
            "Convert the weights to float32, float16 or bfloat16 first.");
    }

    private List<long> ParseNumbers(string name, CheckpointErrorKind kind, string field, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Fail(kind, $"\"{name}\": {field} is not a list.");
        List<long> numbers = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || reader.ValueSpan[0] == '-' || !reader.TryGetInt64(out long number))
                throw Fail(kind, $"\"{name}\": {field} contains something other than whole numbers from 0 to 2^63-1.");
            numbers.Add(number);
        }
        return numbers;
    }

    private SafetensorsEntry Check(TensorInfo info, List<long> offsets)
    {
        if (info.Shape.Count > MaxRank)
            throw Fail(CheckpointErrorKind.BadShape, $"\"{info.Name}\" has {info.Shape.Count} dimensions; the limit is {MaxRank}.");
        if (offsets is not [long begin, long end])
            throw Fail(CheckpointErrorKind.BadOffsets, $"\"{info.Name}\": data_offsets must be two numbers.");
        if (TensorSizes.Bytes(info) is not { } bytes)
            throw Fail(
                CheckpointErrorKind.BadShape, $"\"{info.Name}\": the shape [{string.Join(", ", info.Shape)}] is larger than any memory.");
        if (end < begin || end - begin != bytes)
            throw Fail(
                CheckpointErrorKind.BadOffsets,
                $"\"{info.Name}\": {info.DType} of shape [{string.Join(", ", info.Shape)}] takes {bytes} bytes, "
                + $"but its range is {begin} to {end}."
            );
        return new SafetensorsEntry(info, begin, end);
    }

    private void CheckPlaces(long dataLength)
    {
        long position = 0;
        foreach (var entry in _entries.Values.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            if (entry.Begin != position)
                throw Fail(
                    CheckpointErrorKind.BadOffsets,
                    $"\"{entry.Info.Name}\" begins at byte {entry.Begin} of the data instead of {position}: tensors overlap or leave a gap."
                );
            position = entry.End;
        }
        if (position > dataLength)
            throw Fail(
                CheckpointErrorKind.Truncated, $"the file is cut off: {position - dataLength} of {position} bytes of weights are missing.",
                "Download or copy the file again.");
        if (position < dataLength)
            throw Fail(CheckpointErrorKind.BadOffsets, $"{dataLength - position} bytes follow the last tensor.");
    }

    private CheckpointException Json(string what, Exception? inner = null) => Fail(CheckpointErrorKind.BadJson, what + ".", inner: inner);

    private CheckpointException Fail(CheckpointErrorKind kind, string message, string? remedy = null, Exception? inner = null) =>
        _file.Error(kind, message, remedy ?? "The file is damaged: download it again.", inner);
}
