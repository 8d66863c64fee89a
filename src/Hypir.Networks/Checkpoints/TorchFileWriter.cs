using System.IO.Compression;
using Hypir.Core.Files;
using Hypir.Networks.Checkpoints.Pickles;
using static TorchSharp.torch;

namespace Hypir.Networks.Checkpoints;

/// <summary>
/// Writes <c>.pth</c> files like <c>torch.save</c> since version 1.6: an uncompressed zip with a dictionary of plain tensors that
/// <c>torch.load(weights_only=True)</c> reads. It is written to a temporary file beside the target and renamed when complete.
/// </summary>
public static class TorchFileWriter
{
    private const string Folder = "archive/";

    /// <summary>Writes tensors of any device and strides; the file stores them contiguously, in their own type, as CPU tensors.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="tensors">The tensors by key; the file lists them in ordinal order, so that equal tensors give identical bytes.</param>
    /// <exception cref="ArgumentException">A tensor's type has no counterpart in the format.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors)
    {
        TensorInfo[] order =
        [
            .. tensors
                .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => new TensorInfo(pair.Key, pair.Value.dtype, pair.Value.shape)),
        ];
        byte[] pickle = PickleWriter.StateDict(order);
        FileReplacement.Write(path, stream =>
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            Entry(zip, "data.pkl", data => data.Write(pickle));
            Entry(zip, "byteorder", data => data.Write("little"u8));
            for (int i = 0; i < order.Length; i++)
                Entry(zip, $"data/{i}", data => Elements(data, tensors[order[i].Name]));
            Entry(zip, "version", data => data.Write("3\n"u8));
        });
    }

    private static void Entry(ZipArchive zip, string name, Action<Stream> write)
    {
        var entry = zip.CreateEntry(Folder + name, CompressionLevel.NoCompression);
        entry.LastWriteTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero); // the earliest zip date: equal tensors give equal bytes
        using var data = entry.Open();
        write(data);
    }

    private static void Elements(Stream data, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        TensorBytes.ForEachSpan(tensor.detach().cpu().contiguous(), (_, bytes) => data.Write(bytes));
    }
}
