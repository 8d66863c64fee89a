using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace Hypir.Protocol.Transport;

/// <summary>
/// Messages on a pipe: four bytes that tell a length, little-endian, then so many bytes of JSON in UTF-8. A length that no message has ends the
/// connection before memory is taken for it.
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
        // A copy: the message may be looked at after the next one has been read into the pipe's memory.
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
