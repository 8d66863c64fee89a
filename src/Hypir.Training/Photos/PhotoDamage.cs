using System.Numerics;
using Hypir.Imaging;
using Hypir.Training.Data.Crops;
using Hypir.Training.Degradation.Kernels;

namespace Hypir.Training.Photos;

/// <summary>
/// Damages crops by their plans: blur, noise, 8 bits, JPEG. The crop's surroundings are damaged with it, so that it has no borders of its
/// own.
/// </summary>
public static class PhotoDamage
{
    /// <summary>Pixels around the crop on each side: a whole number of JPEG's largest units, those of halved chroma.</summary>
    public const int Margin = 16;

    /// <summary>Possible places of a JPEG file's grid, in each direction.</summary>
    public const int Grid = 8;

    // Weights of Rec. 601, which JPEG and cameras use.
    private const float Red = 0.299f, Green = 0.587f, Blue = 0.114f;

    /// <summary>Side of the window that a crop of a side is cut from.</summary>
    public static int Window(int size) => size + 2 * Margin;

    /// <summary>Damages a window and cuts the crop out of it.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="window">The crop with its surroundings, <see cref="Window"/> pixels wide and high.</param>
    /// <returns>The damaged and the clean crop.</returns>
    public static (RgbImage Damaged, RgbImage Clean) Apply(PhotoPlan plan, RgbImage window)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(window);
        RgbImage clean = Turned(plan.Gray ? GrayOf(window) : window, plan.Flips);
        RgbImage damaged = clean;
        if (plan.Blur is not null || plan.Noise is not null || plan.Marks.Count > 0)
        {
            float[] samples = Array.ConvertAll(clean.Pixels, value => (float)value);
            if (plan.Blur is { } blur)
                samples = Blurred(samples, clean.Width, clean.Height, BlurKernels.Weights(blur));
            PhotoMarks.Apply(samples, clean.Width, clean.Height, plan.Marks);
            if (plan.Noise is { } noise)
                PhotoNoise.Add(samples, clean.Width, clean.Height, noise with { Gray = noise.Gray || plan.Gray });
            damaged = clean with { Pixels = Array.ConvertAll(samples, value => (byte)Math.Clamp(MathF.Round(value), 0, 255)) };
        }
        foreach (var jpeg in plan.Jpegs)
            damaged = Compressed(damaged, jpeg);
        int x = Margin + plan.Shift.X, y = Margin + plan.Shift.Y;
        return (Part(damaged, x, y, plan.Crop.Size, plan.Crop.Size), Part(clean, x, y, plan.Crop.Size, plan.Crop.Size));
    }

    private static RgbImage Compressed(RgbImage image, PhotoJpegPlan plan)
    {
        RgbImage part = Part(image, plan.X, plan.Y, image.Width - plan.X, image.Height - plan.Y);
        byte[] decoded = JpegRoundTrip.Apply(part.Pixels, part.Width, part.Height, plan.Quality, plan.Halved);
        if (part.Width == image.Width && part.Height == image.Height)
            return image with { Pixels = decoded };
        byte[] result = [.. image.Pixels];
        for (int row = 0; row < part.Height; row++)
        {
            Array.Copy(decoded, row * part.Width * 3, result, ((plan.Y + row) * image.Width + plan.X) * 3, part.Width * 3);
        }
        return image with { Pixels = result };
    }

    private static RgbImage Part(RgbImage image, int x, int y, int width, int height)
    {
        if (width == image.Width && height == image.Height)
            return image;
        var part = new byte[width * height * 3];
        for (int row = 0; row < height; row++)
            Array.Copy(image.Pixels, ((y + row) * image.Width + x) * 3, part, row * width * 3, width * 3);
        return new(width, height, part);
    }

    private static RgbImage GrayOf(RgbImage image)
    {
        var gray = new byte[image.Pixels.Length];
        for (int i = 0; i < gray.Length; i += 3)
        {
            float luma = Red * image.Pixels[i] + Green * image.Pixels[i + 1] + Blue * image.Pixels[i + 2];
            gray.AsSpan(i, 3).Fill((byte)MathF.Round(luma));
        }
        return image with { Pixels = gray };
    }

    /// <summary>Flips a square.</summary>
    private static RgbImage Turned(RgbImage image, Flips flips)
    {
        if (flips == Flips.None)
            return image;
        int side = image.Width;
        var turned = new byte[image.Pixels.Length];
        for (int row = 0; row < side; row++)
        {
            for (int column = 0; column < side; column++)
            {
                (int y, int x) = flips.Transpose ? (column, row) : (row, column);
                int from = ((flips.Vertical ? side - 1 - y : y) * side + (flips.Horizontal ? side - 1 - x : x)) * 3;
                image.Pixels.AsSpan(from, 3).CopyTo(turned.AsSpan((row * side + column) * 3, 3));
            }
        }
        return image with { Pixels = turned };
    }

    /// <summary>Correlates with a kernel; the border repeats outwards.</summary>
    private static float[] Blurred(float[] samples, int width, int height, double[,] weights)
    {
        int side = weights.GetLength(0), half = side / 2, stride = width * 3;
        var result = new float[samples.Length];
        for (int dy = 0; dy < side; dy++)
        {
            for (int dx = 0; dx < side; dx++)
            {
                float weight = (float)weights[dy, dx];
                if (weight < 1e-6f)
                    continue;
                for (int row = 0; row < height; row++)
                {
                    int from = Math.Clamp(row + dy - half, 0, height - 1) * stride, to = row * stride;
                    int first = Math.Max(0, half - dx), end = Math.Min(width, width + half - dx);
                    for (int column = 0; column < first; column++)
                        AddPixel(result, to + column * 3, samples, from, weight);
                    var source = samples.AsSpan(from + (first + dx - half) * 3, (end - first) * 3);
                    var target = result.AsSpan(to + first * 3, source.Length);
                    AddWeighted(target, source, weight);
                    for (int column = end; column < width; column++)
                        AddPixel(result, to + column * 3, samples, from + stride - 3, weight);
                }
            }
        }
        return result;
    }

    private static void AddWeighted(Span<float> target, ReadOnlySpan<float> source, float weight)
    {
        int i = 0;
        for (; i <= source.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(target[i..]) + new Vector<float>(source[i..]) * weight).CopyTo(target[i..]);
        for (; i < source.Length; i++)
            target[i] += weight * source[i];
    }

    private static void AddPixel(float[] result, int to, float[] samples, int from, float weight)
    {
        for (int c = 0; c < 3; c++)
            result[to + c] += weight * samples[from + c];
    }
}
