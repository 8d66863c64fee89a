using Hypir.Imaging;
using Hypir.Planning;
using Hypir.Restoration.Pipeline;
using Hypir.Testing;

namespace Hypir.Restoration.Tests.Pipeline;

/// <summary>Restoring a part of an image, alone and within the rest.</summary>
[TestClass]
public sealed class AreaTests : TensorTest
{
    private static readonly RestoreOptions Cpu = new() { Device = "cpu" };
    private static readonly PixelArea Area = new(70, 50, 40, 30);

    /// <summary>Noise by position, context, and steps on those of the image: the part looks as in the whole.</summary>
    [TestMethod]
    public void A_part_alone_equals_the_same_part_of_the_whole()
    {
        RasterImage input = Images.Random(160, 140, 8, alpha: true);
        using var restorer = Machine.Load(Machine.Nano, Cpu);
        RasterImage whole = Restore(restorer, input, Cpu).Cut(Area.X, Area.Y, Area.Width, Area.Height);
        RasterImage part = Restore(restorer, input, Cpu with { Area = Area });
        Assert.AreEqual((40, 30), (part.Width, part.Height));
        CollectionAssert.AreEqual(whole.Alpha, part.Alpha);
        double[] differences = [.. whole.Rgb.Zip(part.Rgb, (a, b) => (double)Math.Abs(a - b))];
        // Only what lies farther away than the context differs.
        Assert.IsLessThanOrEqualTo(0.05, differences.Average());
        Assert.IsLessThanOrEqualTo(3, differences.Max());
    }

    [TestMethod]
    [DataRow(8, 1.0)]
    [DataRow(16, 1.0)]
    [DataRow(8, 2.0)]
    [DataRow(8, 1.5)]
    public void Only_what_is_white_in_the_mask_changes(int bits, double upscale)
    {
        RasterImage input = Images.Random(160, 140, bits, alpha: true);
        RestoreOptions options = Cpu with { Upscale = upscale };
        using var restorer = Machine.Load(Machine.Nano, Cpu);
        // Black on the left, white on the right, gray between.
        byte[] shares = [.. Enumerable.Range(0, Area.Width * Area.Height).Select(i => i % Area.Width)
            .Select(x => (byte)(x < 12 ? 0 : x < 24 ? 100 : 255))];
        RasterImage none = Restore(restorer, input, options with { Strength = 0 });
        RestoreOptions masked = options with { Area = Area, KeepsRest = true };
        RasterImage all = Restore(restorer, input, masked);
        RasterImage some = Restore(restorer, input, masked, new ImageMask(Area.Width, Area.Height, shares));
        CollectionAssert.AreEqual(none.Alpha, some.Alpha);
        int changed = 0, wrong = 0;
        for (int i = 0; i < none.Rgb.Length / (bits / 8); i++)
        {
            int pixel = i / 3;
            double x = (pixel % none.Width + 0.5) / upscale - Area.X, y = (pixel / none.Width + 0.5) / upscale - Area.Y;
            bool inside = y is >= 0 && y < Area.Height && x is >= 0 && x < Area.Width;
            int before = Sample(none, i), after = Sample(all, i), now = Sample(some, i);
            // Scaled masks are soft at their edges, within two pixels.
            double soft = upscale == 1 ? 0 : 2;
            if (x < 12 - soft || x >= Area.Width + soft || y < -soft || y >= Area.Height + soft)
                wrong += now == before ? 0 : 1;
            else if (inside && x > 24 + soft && x < Area.Width - soft && y > soft && y < Area.Height - soft)
                wrong += now == after ? 0 : 1;
            else if (inside && x > 12 + soft && x < 24 - soft && y > soft && y < Area.Height - soft)
                wrong += Math.Abs(now - (before + (after - before) * 100 / 255.0)) <= 1 + Math.Abs(after - before) * 1e-4 ? 0 : 1;
            changed += now == before ? 0 : 1;
        }

        Assert.AreEqual(0, wrong);
        Assert.IsGreaterThan(1000, changed);

        int Sample(RasterImage image, int i) => bits == 8 ? image.Rgb[i] : BitConverter.ToUInt16(image.Rgb, 2 * i);
    }

    [TestMethod]
    public void A_mask_is_read_from_white_gray_and_transparent()
    {
        using var folder = new TemporaryFolder();
        string path = folder["mask.png"];
        byte[] gray = [0, 0, 0, 255, 255, 255, 100, 100, 100, 0, 0, 0, 255, 255, 255, 0, 0, 0];
        ImageFile.Save(new RasterImage(3, 2, 8, gray, [255, 255, 255, 255, 0, 255]), path);
        ImageMask mask = ImageMask.Load(path);
        CollectionAssert.AreEqual(new byte[] { 0, 255, 100, 0, 0, 0 }, mask.Shares);
        Assert.AreEqual((1, 0, 2, 1), mask.Bounds());
        ImageFile.Save(new RasterImage(1, 1, 16, new byte[6]), path);
        StringAssert.Contains(Assert.ThrowsExactly<ImageException>(() => ImageMask.Load(path)).Message, "black");
    }

    private static RasterImage Restore(Restorer restorer, RasterImage input, RestoreOptions options, ImageMask? mask = null)
    {
        var plan = RestorePlan.Create(
            input.Width, input.Height, input.Alpha is not null, options, restorer.Facts, Machine.Facts, input.BitsPerSample);
        return restorer.Restore(input, plan, mask, null, CancellationToken.None).Image;
    }
}
