using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;
using Tensorboard;

namespace Hypir.Training.Logging;

/// <summary>
/// A file of events as TensorBoard reads them: records of TensorFlow's framing (length, its checksum, data, its checksum) around protocol
/// buffers. Each event is on disk when the call returns, so that TensorBoard can follow the run and a killed run loses nothing.
/// </summary>
internal sealed class EventFile : IDisposable
{
    // TensorFlow's lib/hash/crc32c.h: checksums are masked because a CRC of data that contains CRCs is weak.
    private const uint MaskDelta = 0xa282ead8;

    private readonly FileStream _file;

    /// <summary>Starts a new file in a folder; TensorBoard merges all files in a folder.</summary>
    /// <param name="folder">The folder, created if missing.</param>
    public EventFile(string folder)
    {
        Directory.CreateDirectory(folder);
        string name = $"events.out.tfevents.{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}.{Environment.MachineName}.{Environment.ProcessId}";
        _file = new FileStream(Path.Combine(folder, name), FileMode.Create, FileAccess.Write, FileShare.Read);
        Write(new Event { FileVersion = "brain.Event:2" });
    }

    /// <summary>Numbers of one step.</summary>
    public void Scalars(long step, IEnumerable<KeyValuePair<string, double>> values)
    {
        var summary = new Summary();
        foreach (var (tag, value) in values)
            summary.Value.Add(new Summary.Types.Value { Tag = tag, SimpleValue = (float)value });
        Write(new Event { Step = step, Summary = summary });
    }

    /// <summary>An image.</summary>
    /// <param name="step">The step.</param>
    /// <param name="tag">What it shows.</param>
    /// <param name="encoded">A PNG or JPEG file.</param>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    public void Image(long step, string tag, byte[] encoded, int width, int height)
    {
        var image = new Summary.Types.Image
        {
            EncodedImageString = ByteString.CopyFrom(encoded),
            Width = width,
            Height = height,
            Colorspace = 3,
        };
        Write(
            new Event
            {
                Step = step,
                Summary = new Summary
                {
                    Value =
                    {
                        new Summary.Types.Value { Tag = tag, Image = image },
                    },
                },
            }
        );
    }

    /// <summary>A text.</summary>
    public void Text(long step, string tag, string text)
    {
        var value = new Summary.Types.Value
        {
            Tag = tag,
            Metadata = new SummaryMetadata { PluginData = new SummaryMetadata.Types.PluginData { PluginName = "text" } },
            Tensor = new TensorProto
            {
                Dtype = DataType.DtString,
                TensorShape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dim { Size = 1 } } },
                StringVal = { ByteString.CopyFromUtf8(text) },
            },
        };
        Write(new Event { Step = step, Summary = new Summary { Value = { value } } });
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private void Write(Event what)
    {
        what.WallTime = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        byte[] data = what.ToByteArray(), record = new byte[sizeof(ulong) + sizeof(uint) + data.Length + sizeof(uint)];
        BinaryPrimitives.WriteInt64LittleEndian(record, data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(sizeof(ulong)), Checksum(record.AsSpan(0, sizeof(ulong))));
        data.CopyTo(record, sizeof(ulong) + sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(record.Length - sizeof(uint)), Checksum(data));
        _file.Write(record);
        _file.Flush();
    }

    /// <summary>Castagnoli's cyclic checksum, masked.</summary>
    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        uint sum = uint.MaxValue;
        foreach (byte one in data)
            sum = BitOperations.Crc32C(sum, one);
        sum = ~sum;
        return BitOperations.RotateRight(sum, 15) + MaskDelta;
    }
}
