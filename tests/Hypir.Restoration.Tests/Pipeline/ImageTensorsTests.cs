using System.Runtime.InteropServices;
using Hypir.Restoration.Pipeline;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.Pipeline;

[TestClass]
public sealed class ImageTensorsTests : TensorTest
{
    [TestMethod]
    [DataRow(ScalarType.Float32)]
    [DataRow(ScalarType.Float64)]
    public void Every_8_bit_value_comes_back(ScalarType type)
    {
        byte[] samples = [.. Enumerable.Range(0, 256 * 3).Select(i => (byte)i)];
        CollectionAssert.AreEqual(samples, RoundTrip(samples, 16, 16, 8, type));
    }

    [TestMethod]
    [DataRow(ScalarType.Float32)]
    [DataRow(ScalarType.Float64)]
    public void Every_16_bit_value_comes_back(ScalarType type)
    {
        ushort[] values = [.. Enumerable.Range(0, 65536 * 3).Select(i => (ushort)i)];
        byte[] samples = MemoryMarshal.AsBytes<ushort>(values).ToArray();
        CollectionAssert.AreEqual(samples, RoundTrip(samples, 256, 256, 16, type));
    }

    [TestMethod]
    public void A_region_holds_its_pixels_by_channel()
    {
        using var scope = NewDisposeScope();
        byte[] samples = [.. Enumerable.Range(0, 5 * 4 * 3).Select(i => (byte)i)];
        Tensor region = ImageTensors.Read(samples, 5, 3, 8, new(1, 3, 2, 5), float64).mul(255);
        CollectionAssert.AreEqual(new long[] { 1, 3, 2, 3 }, region.shape);
        for (int c = 0; c < 3; c++)
            for (int y = 0; y < 2; y++)
                for (int x = 0; x < 3; x++)
                    Assert.AreEqual(((y + 1) * 5 + x + 2) * 3 + c, region[0, c, y, x].item<double>(), 1e-9);
    }

    [TestMethod]
    public void Values_outside_are_clamped_and_rounded_or_cut_off()
    {
        using var scope = NewDisposeScope();
        Tensor rows = tensor(new[] { -0.5, 0.999 / 255, 1.6 / 255, 254.7 / 255, 7.0 }).reshape(1, 1, 1, 5);
        byte[] rounded = new byte[5], truncated = new byte[5];
        ImageTensors.Write(rows, rounded, 0, 8, truncate: false);
        ImageTensors.Write(rows, truncated, 0, 8, truncate: true);
        CollectionAssert.AreEqual(new byte[] { 0, 1, 2, 255, 255 }, rounded);
        CollectionAssert.AreEqual(new byte[] { 0, 0, 1, 254, 255 }, truncated);
    }

    private static byte[] RoundTrip(byte[] samples, int width, int height, int bits, ScalarType type)
    {
        using var scope = NewDisposeScope();
        Tensor whole = ImageTensors.Read(samples, width, 3, bits, new(0, height, 0, width), type);
        Assert.AreEqual(0, whole.min().to(float64).item<double>());
        Assert.AreEqual(1, whole.max().to(float64).item<double>());
        byte[] back = new byte[samples.Length];
        for (int start = 0; start < height; start += 5)
            ImageTensors.Write(whole.narrow(2, start, Math.Min(5, height - start)), back, start, bits, truncate: false);
        return back;
    }
}
