using System.Runtime.InteropServices;
using Hypir.Imaging;
using Hypir.Networks;
using Hypir.Restoration.Pipeline;
using Hypir.Restoration.Tests.Pipeline;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.Float32;

/// <summary>What is computed in float32 on samples of images, against <see cref="PlainAlpha{T}"/> in float64.</summary>
[TestClass]
public sealed class Float32AlphaTests : TensorTest
{
    /// <summary>Rows of one sample, of less than a vector, of whole vectors, with tails; larger, smaller, and one of each.</summary>
    [TestMethod]
    [DataRow(1, 1, 5, 3)]
    [DataRow(9, 7, 3, 2)]
    [DataRow(20, 11, 16, 24)]
    [DataRow(31, 17, 53, 8)]
    [DataRow(64, 40, 33, 90)]
    [DataRow(150, 9, 32, 9)]
    public void Alpha_is_scaled(int width, int height, int newWidth, int newHeight)
    {
        foreach (int bits in new[] { 8, 16 })
        {
            RasterImage image = Images.Random(width, height, bits, alpha: true);
            int most = (1 << bits) - 1;
            int[] alpha = Samples(image.Alpha!, bits);
            double[] exact = PlainAlpha<double>.Scale(alpha, most, width, height, newWidth, newHeight);
            float[] plain = PlainAlpha<float>.Scale(alpha, most, width, height, newWidth, newHeight);
            int[] scaled = Samples(AlphaScale.Resize(image, newWidth, newHeight)!, bits);
            Float32Errors.CompareSamples(exact, plain, scaled, most, $"{bits} bits, {width}x{height} to {newWidth}x{newHeight}");
        }
    }

    /// <summary>One cell, and pyramids of them whose sides are even and odd; a part transparent, a part hardly visible.</summary>
    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(3, 4)]
    [DataRow(8, 8)]
    [DataRow(45, 30)]
    [DataRow(70, 5)]
    [DataRow(64, 65)]
    public void Transparency_is_filled(int width, int height)
    {
        foreach (int bits in new[] { 8, 16 })
        {
            int most = (1 << bits) - 1;
            RasterImage image = Veiled(width, height, bits);
            int[] rgb = Samples(image.Rgb, bits), alpha = Samples(image.Alpha!, bits);
            double[] exact = PlainAlpha<double>.Fill(rgb, alpha, most, width, height);
            float[] plain = PlainAlpha<float>.Fill(rgb, alpha, most, width, height);
            Float32Errors.CompareSamples(exact, plain, Samples(AlphaFill.Fill(image).Rgb, bits), most, $"{bits} bits, {width}x{height}");
        }
    }

    [TestMethod]
    [DataRow(8)]
    [DataRow(16)]
    public void Samples_become_numbers_and_numbers_samples(int bits)
    {
        using var scope = NewDisposeScope();
        int most = (1 << bits) - 1, width = 31, height = 19;
        RasterImage image = Images.Random(width, height, bits);
        int[] samples = Samples(image.Rgb, bits);
        Tensor exact = tensor(samples, [height, width, 3]).to(float64).DividedBy(most).permute(2, 0, 1).unsqueeze(0);
        // One division, rounded once.
        Tensor read = ImageTensors.Read(image.Rgb, width, 3, bits, new(0, height, 0, width), float32);
        Float32Errors.Compare(exact, exact.to(float32), read, "read", 0);

        // Beyond both ends too.
        Tensor numbers = rand(1, 3, height, width).mul(1.2f).sub(0.1f), scaled = numbers.to(float64).permute(0, 2, 3, 1).Times(most);
        double[] wanted = [.. scaled.contiguous().data<double>().Select(value => Math.Clamp(value, 0, most))];
        byte[] written = new byte[image.Rgb.Length];
        ImageTensors.Write(numbers, written, 0, bits, truncate: false);
        Float32Errors.CompareSamples(wanted, [.. wanted.Select(value => (float)value)], Samples(written, bits), most, "written");
    }

    /// <summary>Noise whose alpha is 0 in the middle and up to a quarter beside it, where colors are trusted only in part.</summary>
    private static RasterImage Veiled(int width, int height, int bits)
    {
        RasterImage random = Images.Random(width, height, bits, alpha: true);
        int most = (1 << bits) - 1, step = bits / 8;
        int[] alphas = Samples(random.Alpha!, bits);
        for (int pixel = 0; pixel < width * height; pixel++)
        {
            double x = (pixel % width + 0.5) / width, y = (pixel / width + 0.5) / height;
            int alpha = alphas[pixel];
            alpha = Math.Abs(x - 0.5) < 0.3 && Math.Abs(y - 0.5) < 0.3 ? 0 : x < 0.6 ? alpha / 4 : alpha;
            if (width * height == 1)
                alpha = most / 20;
            BitConverter.GetBytes((ushort)alpha).AsSpan(0, step).CopyTo(random.Alpha.AsSpan(step * pixel));
        }

        return random;
    }

    private static int[] Samples(byte[] bytes, int bits) =>
        bits == 8
            ? [.. bytes.Select(value => (int)value)]
            : [.. MemoryMarshal.Cast<byte, ushort>(bytes).ToArray().Select(value => (int)value)];
}
