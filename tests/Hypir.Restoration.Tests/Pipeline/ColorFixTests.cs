using Hypir.Planning;
using Hypir.Restoration.Pipeline;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.Pipeline;

[TestClass]
public sealed class ColorFixTests : TensorTest
{
    [TestMethod]
    [TestCategory("Golden")]
    [DataRow("f64", 1e-12)]
    [DataRow("f32", 5e-6)]
    public void Parts_and_reconstruction_are_the_references(string type, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var golden = new GoldenCase(Goldens.Require("colour", "wavelet.safetensors"));
        Tensor content = golden[$"in.content.{type}"], style = golden[$"in.style.{type}"];
        Tensor low = WaveletColorFix.Low(content);
        double worst = Numbers.AssertClose(golden[$"out.low.{type}"], low, tolerance, "low");
        worst = Math.Max(worst, Numbers.AssertClose(golden[$"out.high.{type}"], content - low, tolerance, "high"));
        worst = Math.Max(
            worst,
            Numbers.AssertClose(golden[$"out.reconstruction.{type}"], WaveletColorFix.Apply(content, style), tolerance, "reconstruction"));
        Console.WriteLine($"worst {worst:g3}");
    }

    [TestMethod]
    [TestCategory("Golden")]
    public void An_image_smaller_than_the_widest_kernel_is_the_references()
    {
        using var scope = NewDisposeScope();
        using var golden = new GoldenCase(Goldens.Require("colour", "wavelet.safetensors"));
        Tensor small = golden["in.small"];
        Console.WriteLine(Numbers.AssertClose(golden["out.small.reconstruction"], WaveletColorFix.Apply(small, 1 - small), 1e-12, "small"));
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(2, 70)]
    [DataRow(70, 3)]
    public void Tiny_images_take_the_references_mean(int height, int width)
    {
        using var scope = NewDisposeScope();
        Tensor x = rand([1, 3, height, width], float64), flat = full_like(x, 0.25);
        Tensor detail = x - WaveletColorFix.Low(x);
        Numbers.AssertClose(detail + 0.25, WaveletColorFix.Apply(x, flat), 1e-14, "flat reference");
    }

    [TestMethod]
    [DataRow(ScalarType.Float32)]
    [DataRow(ScalarType.Float64)]
    public void A_bands_low_frequencies_have_the_bits_of_the_whole(ScalarType type)
    {
        using var scope = NewDisposeScope();
        Tensor x = randn([1, 3, 211, 97], type);
        Tensor whole = WaveletColorFix.Low(x);
        foreach ((int from, int to) in new[] { (0, 1), (0, 40), (17, 18), (63, 151), (150, 211), (210, 211) })
        {
            int top = Math.Max(0, from - ColorFixReach.Rows), bottom = Math.Min(211, to + ColorFixReach.Rows);
            Tensor band = WaveletColorFix.Low(x.narrow(2, top, bottom - top)).narrow(2, from - top, to - from);
            Assert.IsTrue(whole.narrow(2, from, to - from).Equals(band), $"rows {from} to {to}");
        }
    }

    [TestMethod]
    [DataRow(1, 7)]
    [DataRow(40, 64)]
    [DataRow(300, 16)]
    public void Rows_that_come_little_by_little_have_the_bits_of_the_whole(int rowsAtOnce, int bandRows)
    {
        using var scope = NewDisposeScope();
        const int Height = 173;
        Tensor x = rand(2, 3, Height, 37), style = rand(2, 3, Height, 37);
        Tensor whole = WaveletColorFix.Apply(x, style);
        int next = 0;
        using var bands = new ColorFixBands(new TensorSource(style), bandRows, (start, before, reference, rows) =>
        {
            int count = (int)rows.shape[2];
            Assert.AreEqual(next, start);
            Assert.IsTrue(count <= bandRows);
            Assert.IsTrue(x.narrow(2, start, count).Equals(before));
            Assert.IsTrue(style.narrow(2, start, count).Equals(reference));
            Assert.IsTrue(whole.narrow(2, start, count).Equals(rows), $"rows from {start}");
            next += count;
        });
        for (int start = 0; start < Height; start += rowsAtOnce)
            bands.Add(x.narrow(2, start, Math.Min(rowsAtOnce, Height - start)));
        Assert.AreEqual(Height, next);
    }
}
