using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Hypir.Imaging.Formats;
using Hypir.Testing;

namespace Hypir.Imaging.Tests;

/// <summary>Image files that other programs made (fixtures/make.sh), and the samples that these programs see in them.</summary>
internal static class Fixtures
{
    internal static string Folder { get; } = System.IO.Path.Combine(Repository.Root, "tests", "Hypir.Imaging.Tests", "fixtures");

    internal static string Path(string name) => System.IO.Path.Combine(Folder, name);

    /// <summary>Names of the image files, in ordinal order.</summary>
    internal static string[] All() =>
        [
            .. Directory
                .GetFiles(Folder)
                .Where(ImageFormats.HasImageExtension)
                .Select(f => System.IO.Path.GetFileName(f))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Names of the image files that another program judged: those with a file NAME.rgba or NAME.lab beside them.</summary>
    internal static IEnumerable<string> With(string extension) => All().Where(name => File.Exists(Path(name) + extension));

    /// <summary>L*, a*, b* (D50) of each pixel, as ArgyllCMS computes them through the embedded profile.</summary>
    internal static float[] Lab(string name) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path(name) + ".lab")).ToArray();

    /// <summary>R, G, B, A of 16 bits a pixel, upright, as ImageMagick decodes the file.</summary>
    internal static ushort[] Expected(string name)
    {
        byte[] bytes = File.ReadAllBytes(Path(name) + ".rgba");
        ushort[] samples = new ushort[bytes.Length / 2];
        for (int i = 0; i < samples.Length; i++)
            samples[i] = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2 * i));
        return samples;
    }

    /// <summary>An image's R, G, B, A, widened to 16 bits.</summary>
    internal static ushort[] Samples(RasterImage image)
    {
        int pixels = image.Width * image.Height;
        ushort[] samples = new ushort[4 * pixels];
        for (int i = 0; i < pixels; i++)
        {
            for (int c = 0; c < 3; c++)
                samples[4 * i + c] = Sample(image, image.Rgb, 3 * i + c);
            samples[4 * i + 3] = image.Alpha is null ? ushort.MaxValue : Sample(image, image.Alpha, i);
        }
        return samples;
    }

    private static ushort Sample(RasterImage image, byte[] plane, int index) =>
        image.BitsPerSample == 8 ? (ushort)(257 * plane[index]) : BitConverter.ToUInt16(plane, 2 * index);
}
