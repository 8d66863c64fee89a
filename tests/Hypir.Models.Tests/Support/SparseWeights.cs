using System.Buffers.Binary;
using System.Text.Json;
using Hypir.Testing;

namespace Hypir.Models.Tests.Support;

/// <summary>
/// Safetensors files of any size that take no space: the header is real, the data is a hole in the file. What reads only headers cannot
/// tell them from weights; what reads the data would take forever.
/// </summary>
internal static class SparseWeights
{
    /// <summary>Writes a float32 file.</summary>
    public static void Write(string path, IEnumerable<(string Key, long[] Shape)> tensors)
    {
        long offset = 0;
        var header = new Dictionary<string, object>();
        foreach (var (key, shape) in tensors)
        {
            long size = shape.Aggregate(4L, (product, n) => product * n);
            header.Add(key, new { dtype = "F32", shape, data_offsets = new[] { offset, offset + size } });
            offset += size;
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header), length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        using var file = File.Create(path);
        file.Write(length);
        file.Write(json);
        file.SetLength(8 + json.Length + offset);
    }

    /// <summary>Keys and shapes of a network of Stable Diffusion 2.1-base, or of HYPIR's LoRA weights.</summary>
    public static IEnumerable<(string Key, long[] Shape)> FullSize(string network) =>
        JsonSerializer
            .Deserialize<Dictionary<string, long[]>>(File.ReadAllText(Goldens.Require("manifest", $"{network}.json")))!
            .Select(pair => (pair.Key, pair.Value));

    /// <summary>Keys and shapes of Stable Diffusion 2.1-base as one file in the original layout.</summary>
    public static IEnumerable<(string Key, long[] Shape)> FullSizeSingleFile()
    {
        using var mapping = JsonDocument.Parse(File.ReadAllText(Goldens.Require("single-file", "mapping-full.json")));
        return
        [
            .. ((string[])["pairs", "unused"])
                .SelectMany(list => mapping.RootElement.GetProperty(list).EnumerateArray())
                .Select(pair =>
                    (
                        pair.GetProperty("ldm").GetString()!,
                        pair.GetProperty("ldm_shape").EnumerateArray().Select(n => n.GetInt64()).ToArray())
                )
                .DistinctBy(pair => pair.Item1),
        ];
    }
}
