using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace Hypir.Protocol.Transport;

/// <summary>
/// Messages on a pipe: a length of four bytes, little-endian, then that many bytes of JSON in UTF-8. An invalid length ends the connection
/// before memory is allocated for it.
/// </summary>
internal sealed class FramedMessages(Stream stream)
    : PipeMessageHandler(stream, stream, new SystemTextJsonFormatter { JsonSerializerOptions = ProtocolJson.Options })
{
    /// <summary>Bytes of the longest message.</summary>
    public const int Largest = 1 << 18;

    private const int LengthBytes = sizeof(uint);

    protected override async ValueTask<JsonRpcMessage?> ReadCoreAsync(CancellationToken cancellationToken)
    {
        ReadResult head = await ReadAtLeastAsync(LengthBytes, allowEmpty: true, cancellationToken).ConfigureAwait(false);
        if (head.Buffer.IsEmpty)
            return null;
        uint length = LengthOf(head.Buffer);
        Reader!.AdvanceTo(head.Buffer.GetPosition(LengthBytes));
        if (length is 0 or > Largest)
            throw new BadRpcHeaderException($"A message of {length} bytes was announced; the largest has {Largest}.");
        ReadResult body = await ReadAtLeastAsync((int)length, allowEmpty: false, cancellationToken).ConfigureAwait(false);
        // A copy: the message may be used after the next one has been read into the pipe's memory.
        byte[] bytes = body.Buffer.Slice(0, length).ToArray();
        Reader.AdvanceTo(body.Buffer.GetPosition(length));
        return MalformedRequest.Of(bytes) ?? Formatter.Deserialize(new ReadOnlySequence<byte>(bytes));
    }

    protected override void Write(JsonRpcMessage content, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Formatter.Serialize(buffer, content);
        BinaryPrimitives.WriteUInt32LittleEndian(Writer!.GetSpan(LengthBytes), (uint)buffer.WrittenCount);
        Writer.Advance(LengthBytes);
        Writer.Write(buffer.WrittenSpan);
    }

    private static uint LengthOf(ReadOnlySequence<byte> buffer)
    {
        Span<byte> bytes = stackalloc byte[LengthBytes];
        buffer.Slice(0, LengthBytes).CopyTo(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }
}

/// <summary>The JSON format of messages: camel-case names, enumerations as strings, nulls omitted.</summary>
internal static class ProtocolJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false), new FiniteNumber() },
    };
}

/// <summary>Rejects numbers beyond the range of a double, such as 1e999, which the runtime reads as infinity.</summary>
internal sealed class FiniteNumber : JsonConverter<double>
{
    /// <inheritdoc/>
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TryGetDouble(out double value) && double.IsFinite(value) ? value : throw new JsonException("The number is out of range.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}

/// <summary>Names of the engine's pipe.</summary>
public static partial class PipeName
{
    /// <summary>
    /// The name shared by this user's engine and clients. All users of a machine share the namespace, so the name contains the user's. The
    /// environment variable HYPIR_PIPE sets another one.
    /// </summary>
    public static string Default => Environment.GetEnvironmentVariable("HYPIR_PIPE") is { } chosen && IsValid(chosen)
        ? chosen
        : "hypir-" + Unsuitable().Replace(Environment.UserName.ToLowerInvariant(), "_");

    /// <summary>Whether it is a name: 1 to 60 letters, digits, dots, underscores and hyphens, beginning with a letter or digit.</summary>
    /// <param name="name">A name chosen by the user.</param>
    public static bool IsValid(string name) => Valid().IsMatch(name);

    [GeneratedRegex("[^a-z0-9._-]")]
    private static partial Regex Unsuitable();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}\z")]
    private static partial Regex Valid();
}
