using System.Buffers.Binary;
using System.Text;

namespace Hypir.Networks.Checkpoints.Pickles;

/// <summary>
/// Writes the object of a torch file: an ordered dictionary of plain tensors, each with its own storage, in the form that torch itself uses
/// (protocol 2, <c>_rebuild_tensor_v2</c>).
/// </summary>
internal static class PickleWriter
{
    private const byte Protocol = 2;

    /// <summary>The pickle of a state dict.</summary>
    /// <param name="tensors">Keys, types and shapes in the desired order; the n-th storage is named n.</param>
    /// <exception cref="ArgumentException">A type has no storage class in torch's format.</exception>
    public static byte[] StateDict(IReadOnlyList<TensorInfo> tensors)
    {
        using var stream = new MemoryStream();
        Put(stream, PickleOpcode.Proto, [Protocol]);
        EmptyOrderedDict(stream);
        Put(stream, PickleOpcode.Mark);
        for (int i = 0; i < tensors.Count; i++)
        {
            Text(stream, tensors[i].Name);
            Tensor(stream, tensors[i], i);
        }
        Put(stream, PickleOpcode.SetItems);
        Put(stream, PickleOpcode.Stop);
        return stream.ToArray();
    }

    private static void Tensor(Stream stream, TensorInfo info, int storage)
    {
        long[] strides = new long[info.Shape.Count];
        long elements = 1;
        for (int i = strides.Length - 1; i >= 0; i--)
        {
            strides[i] = elements;
            elements *= info.Shape[i];
        }
        Global(stream, "torch._utils", "_rebuild_tensor_v2");
        Put(stream, PickleOpcode.Mark);
        Storage(stream, info, storage, elements);
        Integer(stream, 0);
        Tuple(stream, info.Shape);
        Tuple(stream, strides);
        Put(stream, PickleOpcode.NewFalse); // requires_grad
        EmptyOrderedDict(stream); // backward hooks
        Put(stream, PickleOpcode.Tuple);
        Put(stream, PickleOpcode.Reduce);
    }

    private static void Storage(Stream stream, TensorInfo info, int storage, long elements)
    {
        Put(stream, PickleOpcode.Mark);
        Text(stream, "storage");
        Global(stream, "torch", PickleGlobals.StorageName(info.DType)
            ?? throw new ArgumentException($"torch's format has no storage of {info.DType}, the type of \"{info.Name}\"."));
        Text(stream, storage.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Text(stream, "cpu");
        Integer(stream, elements);
        Put(stream, PickleOpcode.Tuple);
        Put(stream, PickleOpcode.BinPersId);
    }

    private static void EmptyOrderedDict(Stream stream)
    {
        Global(stream, "collections", "OrderedDict");
        Put(stream, PickleOpcode.EmptyTuple);
        Put(stream, PickleOpcode.Reduce);
    }

    private static void Tuple(Stream stream, IReadOnlyList<long> numbers)
    {
        Put(stream, PickleOpcode.Mark);
        foreach (long number in numbers)
            Integer(stream, number);
        Put(stream, PickleOpcode.Tuple);
    }

    private static void Global(Stream stream, string module, string name) =>
        Put(stream, PickleOpcode.Global, Encoding.ASCII.GetBytes($"{module}\n{name}\n"));

    private static void Text(Stream stream, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text), length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        Put(stream, PickleOpcode.BinUnicode, [.. length, .. bytes]);
    }

    private static void Integer(Stream stream, long number)
    {
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        if (number is >= 0 and <= int.MaxValue)
            Put(stream, PickleOpcode.BinInt, bytes.AsSpan(0, sizeof(int)));
        else
            Put(stream, PickleOpcode.Long1, [sizeof(long), .. bytes]);
    }

    private static void Put(Stream stream, PickleOpcode opcode, params ReadOnlySpan<byte> argument)
    {
        stream.WriteByte((byte)opcode);
        stream.Write(argument);
    }
}
