using System.Text.Json;
using Hypir.Testing;
using Hypir.Training.Data.Crops;
using Hypir.Training.Degradation;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Tests.Data;

[TestClass]
public sealed class CropTests : TensorTest
{
    [TestMethod, TestCategory("Golden")]
    public void Sizes_halvings_and_places_are_the_references()
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Goldens.Require("degradation", "dataset.json")));
        int compared = 0;
        foreach (var item in golden.RootElement.GetProperty("crops").EnumerateArray())
        {
            int Number(string name) => item.GetProperty(name).GetInt32();
            int width = Number("width"), height = Number("height"), size = Number("out_size");
            bool centred = item.GetProperty("function").GetString()!.StartsWith("center", StringComparison.Ordinal);
            var geometry = CropGeometry.Of(width, height, centred ? size : Number("smaller_side"));
            Assert.AreEqual(
                new CropGeometry(Number("box_halvings"), Number("resized_width"), Number("resized_height")), geometry, item.ToString());
            var settings = new CropSettings { Type = centred ? CropType.Center : CropType.Random, Size = size };
            if (!centred)
                settings = settings with { Fraction = new(item.GetProperty("min_crop_frac").GetDouble(), 1) };
            if (centred && (width != size || height != size))
                Assert.AreEqual(
                    new CropRecipe(size, size, Number("crop_x"), Number("crop_y")), Cropper.Sample(settings, width, height, new(1)));
            else if (!centred)
                Ranges(settings, item, width, height);
            compared++;
        }
        Assert.AreNotEqual(0, compared);
    }

    [TestMethod, TestCategory("Golden")]
    public void Flips_are_the_references()
    {
        using var scope = NewDisposeScope();
        using var golden = JsonDocument.Parse(File.ReadAllText(Goldens.Require("degradation", "dataset.json")));
        int compared = 0;
        foreach (var item in golden.RootElement.GetProperty("augment").EnumerateArray())
        {
            var flips = new Flips(
                item.GetProperty("hflip").GetBoolean(), item.GetProperty("vflip").GetBoolean(), item.GetProperty("rot90").GetBoolean());
            var actual = flips.Apply(Matrix(item.GetProperty("in_channel_0")));
            var expected = Matrix(item.GetProperty("out_channel_0"));
            CollectionAssert.AreEqual(expected.shape, actual.shape, flips.ToString());
            Assert.IsTrue(expected.equal(actual).all().item<bool>(), flips.ToString());
            compared++;
        }
        Assert.AreNotEqual(0, compared);
    }

    [TestMethod]
    public void Flips_are_drawn_as_often_as_asked_and_only_if_allowed()
    {
        var random = new SeededRandom(1);
        Flips[] Draw(FlipSettings settings) => [.. Enumerable.Range(0, 4000).Select(_ => Flips.Sample(settings, random))];
        Assert.IsTrue(Draw(new()).All(flips => flips == Flips.None));
        var horizontal = Draw(new() { UseHorizontal = true, HorizontalProbability = 0.25 });
        Assert.AreEqual(0.25, horizontal.Average(flips => flips.Horizontal ? 1.0 : 0), 0.04);
        Assert.IsTrue(horizontal.All(flips => !flips.Vertical && !flips.Transpose));
        Assert.AreEqual(8, Draw(new() { UseHorizontal = true, UseRotation = true }).Distinct().Count());
    }

    [TestMethod]
    public void An_image_of_the_size_is_taken_whole()
    {
        Assert.IsNull(Cropper.Sample(new() { Type = CropType.Random, Size = 8 }, 8, 8, new(1)));
        Assert.IsNull(Cropper.Sample(new() { Type = CropType.None, Size = 8 }, 20, 30, new(1)));
    }

    [TestMethod]
    public void Resampling_gives_Pillows_bytes()
    {
        using var scope = NewDisposeScope();
        using var fixture = new GoldenCase(
            Path.Combine(Repository.Root, "tests", "Hypir.TrainTool.Tests", "Fixtures", "pillow-resize.safetensors"));
        int compared = 0;
        foreach (var item in fixture.Case.GetProperty("cases").EnumerateArray())
        {
            var filter = Enum.Parse<ResampleFilter>(item.GetProperty("filter").GetString()!, ignoreCase: true);
            var actual = ByteResampler.Resize(Image(fixture[item.GetProperty("image").GetString()!]),
                item.GetProperty("width").GetInt32(), item.GetProperty("height").GetInt32(), filter);
            CollectionAssert.AreEqual(Image(fixture[item.GetProperty("tensor").GetString()!]).Pixels, actual.Pixels, item.ToString());
            compared++;
        }
        Assert.IsTrue(compared > 10);
    }

    [TestMethod]
    [DataRow(70, 90, 8), DataRow(90, 33, 16), DataRow(17, 17, 16)]
    public void A_cut_out_is_the_part_of_the_whole(int width, int height, int size)
    {
        var image = Noise(width, height);
        for (int seed = 0; seed < 10; seed++)
        {
            var crop = Cropper.Sample(new() { Type = CropType.Random, Size = size }, width, height, new(seed))!;
            var geometry = CropGeometry.Of(width, height, crop.ShorterSide);
            var whole = image;
            for (int i = 0; i < geometry.Halvings; i++)
                whole = ByteResampler.Resize(whole, whole.Width / 2, whole.Height / 2, ResampleFilter.Box);
            whole = ByteResampler.Resize(whole, geometry.Width, geometry.Height, ResampleFilter.Bicubic);
            var part = Cropper.Cut(image, crop);
            for (int row = 0; row < size; row++)
                CollectionAssert.AreEqual(whole.Pixels.AsSpan(((row + crop.Y) * whole.Width + crop.X) * 3, size * 3).ToArray(),
                    part.Pixels.AsSpan(row * size * 3, size * 3).ToArray());
        }
    }

    [TestMethod]
    public void A_cut_out_for_another_image_is_refused() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Cropper.Cut(Noise(20, 20), new(8, 10, 5, 0)));

    private static void Ranges(CropSettings settings, JsonElement item, int width, int height)
    {
        // The reference drew from these ranges, upper ends excluded: shorter side, row, column.
        int[][] ranges = [.. item.GetProperty("randrange").EnumerateArray()
            .Select(draw => draw.GetProperty("args").EnumerateArray().Select(value => value.GetInt32()).ToArray())];
        var shorter = new HashSet<int>();
        for (int seed = 0; seed < 200; seed++)
        {
            var crop = Cropper.Sample(settings, width, height, new(seed));
            if (crop is null)
                return; // the image has the size: the reference's dataset takes it whole before it comes to cropping
            shorter.Add(crop.ShorterSide);
            Assert.IsTrue(crop.ShorterSide >= ranges[0][0] && crop.ShorterSide < ranges[0][1], crop.ToString());
            var scaled = CropGeometry.Of(width, height, crop.ShorterSide);
            Assert.IsTrue(
                crop.X >= 0 && crop.X <= scaled.Width - crop.Size && crop.Y >= 0 && crop.Y <= scaled.Height - crop.Size, crop.ToString());
        }
        if (ranges[0][1] - ranges[0][0] < 10)
            Assert.AreEqual(ranges[0][1] - ranges[0][0], shorter.Count, "An end of the range is never drawn.");
        var recorded = CropGeometry.Of(width, height, item.GetProperty("smaller_side").GetInt32());
        Assert.AreEqual(ranges[1][0], recorded.Height - settings.Size + 1);
        Assert.AreEqual(ranges[2][0], recorded.Width - settings.Size + 1);
    }

    private static Tensor Matrix(JsonElement rows) => stack([.. rows.EnumerateArray()
        .Select(row => tensor(row.EnumerateArray().Select(value => value.GetInt32()).ToArray()))]);

    private static RgbImage Image(Tensor pixels) => new((int)pixels.shape[1], (int)pixels.shape[0], [.. pixels.data<byte>()]);

    private static RgbImage Noise(int width, int height)
    {
        var random = new SeededRandom(width * 1000 + height);
        return new(width, height, [.. Enumerable.Range(0, width * height * 3).Select(_ => (byte)random.Whole(0, 255))]);
    }
}
