using Hypir.Imaging.Jpeg;
using Hypir.Imaging.Vips;
using Hypir.Testing;
using NetVips;

namespace Hypir.Imaging.Tests;

/// <summary>A JPEG file that a test wrote with libjpeg, as decoded, and its coefficients.</summary>
internal sealed record JpegSample(string Path, RasterImage Image, JpegCoefficients Coefficients)
{
    /// <summary>Compresses an image.</summary>
    public static JpegSample Write(
        TemporaryFolder folder, RasterImage image, int quality, bool halved, bool gray, int orientation = 1, int restartInterval = 0,
        bool progressive = false)
    {
        VipsLibrary.Prepare();
        string path = folder.File(Guid.NewGuid().ToString("N") + ".jpg");
        using var plain = NetVips.Image.NewFromMemory(image.Rgb, image.Width, image.Height, 3, Enums.BandFormat.Uchar);
        using var stored = gray ? plain.ExtractBand(1).Copy(interpretation: Enums.Interpretation.Bw)
            : plain.Copy(interpretation: Enums.Interpretation.Srgb);
        byte[] file = stored.JpegsaveBuffer(
            q: quality, subsampleMode: halved ? Enums.ForeignSubsample.On : Enums.ForeignSubsample.Off, keep: Enums.ForeignKeep.None,
            restartInterval: restartInterval, interlace: progressive);
        // A TIFF structure with one entry: tag 0x112, of type SHORT.
        byte[] exif =
        [
            0xff, 0xe1, 0, 34, .. "Exif\0\0II"u8, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0,
            0, 0, 0, 0,
        ];
        File.WriteAllBytes(path, orientation == 1 ? file : [.. file[..2], .. exif, .. file[2..]]);
        RasterImage decoded = ImageFile.Load(path);
        return new(path, decoded, JpegCoefficients.Read(path, decoded) ?? throw new AssertFailedException("Nothing was read."));
    }

    /// <summary>Waves, disks with sharp edges, and grain: what a photo has.</summary>
    public static RasterImage Scene(int width, int height, int seed, bool gray)
    {
        var random = new Random(seed);
        (double X, double Y, double Radius, double[] Color)[] disks =
        [
            .. Enumerable.Range(0, 8).Select(_ => (
                random.NextDouble() * width, random.NextDouble() * height, 3 + random.NextDouble() * 14,
                new[] { random.NextDouble(), random.NextDouble(), random.NextDouble() })),
        ];
        var rgb = new byte[3 * width * height];
        for (int i = 0; i < width * height; i++)
        {
            (int x, int y) = (i % width, i / width);
            double grain = 12 * (random.NextDouble() - 0.5);
            for (int c = 0; c < 3; c++)
            {
                double value = 120 + 50 * Math.Sin(x * 0.21 + y * 0.13 + (gray ? 0 : c)) + grain;
                foreach (var disk in disks)
                {
                    if (Math.Pow(x - disk.X, 2) + Math.Pow(y - disk.Y, 2) < disk.Radius * disk.Radius)
                        value = 40 + 170 * disk.Color[gray ? 0 : c] + grain;
                }

                rgb[3 * i + c] = (byte)Math.Clamp(value, 0, 255);
            }
        }

        return new(width, height, 8, rgb);
    }

    /// <summary>An image smoothed as networks smooth: a binomial filter of 3x3.</summary>
    public static RasterImage Smoothed(RasterImage image)
    {
        var rgb = new byte[image.Rgb.Length];
        for (int i = 0; i < rgb.Length; i++)
        {
            (int c, int x, int y) = (i % 3, i / 3 % image.Width, i / 3 / image.Width);
            int sum = 8;
            for (int row = -1; row <= 1; row++)
            {
                for (int column = -1; column <= 1; column++)
                {
                    int at = Math.Clamp(y + row, 0, image.Height - 1) * image.Width + Math.Clamp(x + column, 0, image.Width - 1);
                    sum += (2 - Math.Abs(row)) * (2 - Math.Abs(column)) * image.Rgb[3 * at + c];
                }
            }

            rgb[i] = (byte)(sum / 16);
        }

        return new(image.Width, image.Height, 8, rgb);
    }

    /// <summary>How many coefficients differ, in blocks whose pixels the image has all.</summary>
    public static int Different(JpegCoefficients a, JpegCoefficients b)
    {
        int different = 0;
        JpegHeader header = a.Header;
        for (int i = 0; i < header.Components.Count; i++)
        {
            var component = header.Components[i];
            int columns = header.Width / 8 * component.Across / header.Across, rows = header.Height / 8 * component.Down / header.Down;
            for (int block = 0; block < columns * rows; block++)
            {
                var one = a.Block(i, block % columns, block / columns);
                var other = b.Block(i, block % columns, block / columns);
                for (int k = 0; k < one.Length; k++)
                    different += one[k] == other[k] ? 0 : 1;
            }
        }

        return different;
    }

    /// <summary>The root of the mean square of the differences in luma.</summary>
    public static double Distance(RasterImage a, RasterImage b) =>
        Math.Sqrt(Enumerable.Range(0, a.Rgb.Length / 3).Average(pixel => Math.Pow(Luma(a, pixel) - Luma(b, pixel), 2)));

    private static double Luma(RasterImage image, int pixel) =>
        0.299 * image.Rgb[3 * pixel] + 0.587 * image.Rgb[3 * pixel + 1] + 0.114 * image.Rgb[3 * pixel + 2];
}

/// <summary>The projection as it is defined, written down without regard to time, in float64 and without rounding.</summary>
internal static class PlainProjection
{
    public static double[] Of(JpegCoefficients jpeg, RasterImage image)
    {
        (int width, int height, JpegHeader header) = (image.Width, image.Height, jpeg.Header);
        double[] result = [.. image.Rgb.Select(value => (double)value)];
        for (int index = 0; index < 3; index++)
        {
            var component = header.Components[index];
            int stepX = header.Across / component.Across, stepY = header.Down / component.Down;
            for (int top = 0; top < height / stepY; top += 8)
            {
                for (int left = 0; left < width / stepX; left += 8)
                {
                    double[,] moved = Block(jpeg, image, index, left, top, stepX, stepY);
                    for (int y = top * stepY; y < (top + 8) * stepY; y++)
                    {
                        for (int x = left * stepX; x < (left + 8) * stepX; x++)
                        {
                            double by = moved[x / stepX - left, y / stepY - top];
                            for (int c = 0; c < 3; c++)
                                result[3 * (y * width + x) + c] += by * Inverse[index][c];
                        }
                    }
                }
            }
        }

        return result;
    }

    private static readonly double[][] Forward = [[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]];
    private static readonly double[][] Inverse = [[1, 1, 1], [0, -0.344136, 1.772], [1.402, -0.714136, 0]];

    private static double[,] Block(JpegCoefficients jpeg, RasterImage image, int index, int left, int top, int stepX, int stepY)
    {
        var samples = new double[8, 8];
        for (int y = 0; y < 8 * stepY; y++)
        {
            for (int x = 0; x < 8 * stepX; x++)
            {
                int at = 3 * ((top * stepY + y) * image.Width + left * stepX + x);
                for (int c = 0; c < 3; c++)
                    samples[x / stepX, y / stepY] += Forward[index][c] * image.Rgb[at + c] / (stepX * stepY);
            }
        }

        var moved = new double[8, 8];
        var stored = jpeg.Block(index, left / 8, top / 8);
        for (int v = 0; v < 8; v++)
        {
            for (int u = 0; u < 8; u++)
            {
                double coefficient = 0;
                for (int i = 0; i < 64; i++)
                    coefficient += (samples[i % 8, i / 8] - (index == 0 ? 128 : 0)) * Wave(u, i % 8) * Wave(v, i / 8);
                double step = jpeg.Header.Components[index].Steps[8 * v + u], center = stored[8 * v + u] * step;
                if (Math.Abs(coefficient - center) <= step / 2)
                    continue;
                double change = Math.Clamp(coefficient, center - step / 2 + 0.7, center + step / 2 - 0.7) - coefficient;
                for (int i = 0; i < 64; i++)
                    moved[i % 8, i / 8] += change * Wave(u, i % 8) * Wave(v, i / 8);
            }
        }

        return moved;
    }

    private static double Wave(int frequency, int sample) =>
        (frequency == 0 ? Math.Sqrt(0.125) : 0.5) * Math.Cos((2 * sample + 1) * frequency * Math.PI / 16);
}
