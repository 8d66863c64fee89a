using System.Text.Json;
using Hypir.Onnx.Graphs;
using Hypir.Onnx.Sessions;

namespace Hypir.Onnx.Workers;

/// <summary>
/// What travels between the engine and a worker, little-endian: the engine sends one <see cref="WorkerOrder"/>, the model and the weights,
/// and then any number of evaluations; the worker answers the first and each evaluation.
/// </summary>
internal static class WorkerMessages
{
    /// <summary>Begins each answer: whatever else a library prints is noticed.</summary>
    public const int Mark = 0x48595032;

    /// <summary>From the engine: evaluate; the inputs follow.</summary>
    public const byte Evaluate = 1;

    /// <summary>From the engine: end the evaluation.</summary>
    public const byte Cancel = 2;

    /// <summary>From the worker: done; the results of an evaluation follow.</summary>
    public const byte Done = 0;

    /// <summary>From the worker: it failed; the reason follows.</summary>
    public const byte Failed = 1;

    /// <summary>From the worker: cancelled.</summary>
    public const byte Cancelled = 2;

    private const int BlockBytes = 1 << 20;

    /// <summary>Writes an order.</summary>
    public static void Write(Stream stream, WorkerOrder order) => WriteSized(stream, JsonSerializer.SerializeToUtf8Bytes(order));

    /// <summary>Reads an order.</summary>
    /// <exception cref="EndOfStreamException">The stream ends.</exception>
    public static WorkerOrder ReadOrder(Stream stream) => JsonSerializer.Deserialize<WorkerOrder>(ReadSized(stream))!;

    /// <summary>Writes bytes after their number.</summary>
    public static void WriteSized(Stream stream, byte[] bytes)
    {
        stream.Write(BitConverter.GetBytes(bytes.Length));
        stream.Write(bytes);
    }

    /// <summary>Reads what <see cref="WriteSized"/> wrote.</summary>
    /// <exception cref="EndOfStreamException">The stream ends.</exception>
    public static byte[] ReadSized(Stream stream) => ReadBytes(stream, BitConverter.ToInt32(ReadBytes(stream, sizeof(int))));

    /// <summary>Reads so many bytes.</summary>
    /// <exception cref="EndOfStreamException">The stream ends.</exception>
    public static byte[] ReadBytes(Stream stream, int count)
    {
        byte[] bytes = new byte[count];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Writes a piece of memory of any length.</summary>
    public static unsafe void Write(Stream stream, GraphMemory memory)
    {
        for (long done = 0; done < memory.Length; done += BlockBytes)
            stream.Write(new ReadOnlySpan<byte>((byte*)memory.Address + done, (int)Math.Min(BlockBytes, memory.Length - done)));
    }

    /// <summary>Fills a piece of memory.</summary>
    /// <exception cref="EndOfStreamException">The stream ends.</exception>
    public static unsafe void Read(Stream stream, GraphMemory memory)
    {
        for (long done = 0; done < memory.Length; done += BlockBytes)
            stream.ReadExactly(new Span<byte>((byte*)memory.Address + done, (int)Math.Min(BlockBytes, memory.Length - done)));
    }
}

/// <summary>What a worker is to prepare.</summary>
/// <param name="Library">The full path of ONNX Runtime's library.</param>
/// <param name="Provider">The provider's name in ONNX Runtime; null for the CPU.</param>
/// <param name="Index">Which GPU.</param>
/// <param name="Threads">Threads on the CPU; 0 for one on each core.</param>
/// <param name="ModelBytes">Length of the ONNX model, which follows.</param>
/// <param name="Inputs">The model's inputs.</param>
/// <param name="Outputs">The model's results.</param>
/// <param name="Weights">Names and lengths in bytes of the weights, which follow.</param>
internal sealed record WorkerOrder(
    string Library, string? Provider, int Index, int Threads, int ModelBytes, IReadOnlyList<GraphValue> Inputs,
    IReadOnlyList<GraphValue> Outputs, IReadOnlyList<WorkerWeight> Weights);

/// <summary>A weight.</summary>
/// <param name="Name">The name that the model has for it.</param>
/// <param name="Bytes">Its length.</param>
internal sealed record WorkerWeight(string Name, long Bytes);
