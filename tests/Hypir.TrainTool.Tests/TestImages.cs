
using Hypir.Imaging;
using Hypir.Testing;

namespace Hypir.TrainTool.Tests;

/// <summary>Images of smooth shapes, an edge and grain.</summary>
internal static class TestImages
{
    public static string Save(TemporaryFolder folder, string name, int width, int height, int bits = 8)
    {
        var random = new Random(width * 31 + height);
        var rgb = new byte[3 * width * height * (bits / 8)];
        for (int i = 0; i < 3 * width * height; i++)
        {
            int x = i / 3 % width, y = i / 3 / width;
            double value = 110 + 60 * Math.Sin(x / 9.0 + i % 3) + 40 * Math.Cos(y / 7.0) + (x > y ? 30 : 0) + random.Next(-15, 16);
            if (bits == 8)
                rgb[i] = (byte)Math.Clamp(value, 0, 255);
            else
                BitConverter.TryWriteBytes(rgb.AsSpan(2 * i), (ushort)(Math.Clamp(value, 0, 255) * 257));
        }
        Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
        ImageFile.Save(new RasterImage(width, height, bits, rgb), folder[name]);
        return folder[name];
    }

    /// <summary>A folder's files by their relative paths, with their content as text to compare.</summary>
    public static Dictionary<string, string> Contents(string folder) =>
        Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(
                file => Path.GetRelativePath(folder, file).Replace('\\', '/'),
                file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))));
}
