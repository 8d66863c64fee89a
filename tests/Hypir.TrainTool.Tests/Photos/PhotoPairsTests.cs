using Hypir.Testing;
using Hypir.Training.Config;
using Hypir.Training.Data.Crops;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Degradation;
using Hypir.Training.Photos;

namespace Hypir.TrainTool.Tests.Photos;

[TestClass]
public sealed class PhotoPairsTests
{
    private static readonly DataSettings Settings = new()
    {
        BatchSize = 3,
        Workers = 1,
        Seed = 9,
        Crop = new() { Size = 32 },
        Flips = new() { UseHorizontal = true, UseRotation = true },
        Photos = new()
        {
            Enabled = true,
            SmallReduction = new(1, 1.2),
            DeadLeavesProbability = 0,
            Sizes = [24, 32, 40],
            SizeSteps = [2, 4],
        },
    };

    [TestMethod]
    public void A_batch_depends_on_its_number_only()
    {
        using var folder = new TemporaryFolder();
        var entries = Photos(folder);
        string[] whole = Batches(Settings, entries, 0, 6);
        CollectionAssert.AreEqual(whole[2..], Batches(Settings with { Workers = 2 }, entries, 2, 4));
        CollectionAssert.AreNotEqual(whole, Batches(Settings with { Seed = 10 }, entries, 0, 6));
        Assert.HasCount(6, whole.Distinct());
    }

    [TestMethod]
    public void Batches_of_larger_crops_have_fewer_of_them()
    {
        using var folder = new TemporaryFolder();
        using var source = new PhotoPairs(Settings, Photos(folder));
        (int, int)[] shapes =
        [
            .. Enumerable.Range(0, 6).Select(_ => source.Next().Batch.Pairs).Select(pairs => (pairs.Count, pairs[0].Width)),
        ];
        // 3 · 32² / 24² = 5.3, 3 · 32² / 40² = 1.9.
        CollectionAssert.AreEqual(new[] { (5, 24), (5, 24), (3, 32), (3, 32), (2, 40), (2, 40) }, shapes);
    }

    [TestMethod]
    public void Each_kind_of_damage_has_its_share()
    {
        var planner = new PhotoPlanner(
            Settings with
            {
                Photos = Settings.Photos with { DeadLeavesProbability = 0.25 },
                Degradation = new()
                {
                    Blur1 = new() { Probability = 0.5 },
                    Stage1 = new() { NoiseProbability = 0.5, JpegProbability = 0.5, Quality = new(30, 95) },
                },
            },
            [(2000, 1400), (500, 500)]);
        PhotoPlan[] plans = [.. Enumerable.Range(0, 4000).Select(i => planner.Draw(new SeededRandom(1, i), i, 96))];
        foreach (string kind in (string[])["blur", "noise", "jpeg", "undamaged"])
            Near(1 / 8.0, plan => plan.Kind == kind);
        Near(0.5, plan => plan.Kind == "mixture");
        Near(0.25, plan => plan.Crop.Source < 0);
        // Photos by the root of their pixels: 1673 to 500.
        Near(0.75 * 1673 / 2173, plan => plan.Crop.Source == 0);
        Near(0.5 / 3, plan => plan.Jpegs.Count == 2);
        Assert.IsTrue(plans.SelectMany(plan => plan.Jpegs).All(jpeg => jpeg.Quality is >= 30 and <= 95));
        Assert.IsTrue(plans.Where(plan => plan.Crop.Source == 1).All(plan => plan.Crop.Reduction <= 1.2));
        Assert.IsTrue(plans.Where(plan => plan.Crop.Source == 0).All(plan => plan.Crop.Reduction >= 1.5));

        // Within four standard deviations of a share of 4000, 0.032 at most.
        void Near(double share, Func<PhotoPlan, bool> has) => Assert.AreEqual(share, plans.Count(has) / 4000.0, 0.032);
    }

    /// <summary>One half of the photo is flat, the other is noise: crops come from the noise where they can.</summary>
    [TestMethod]
    public void Crops_are_chosen_by_their_texture()
    {
        using var folder = new TemporaryFolder();
        var random = new SeededRandom(1);
        byte[] rgb = [.. Enumerable.Range(0, 300 * 100 * 3).Select(i => i / 3 % 300 < 150 ? (byte)90 : (byte)random.Whole(0, 255))];
        Hypir.Imaging.ImageFile.Save(new Hypir.Imaging.RasterImage(300, 100, 8, rgb), folder["half.png"]);
        var library = new PhotoLibrary([new ManifestEntry(folder["half.png"], "")], 1);
        (double, double)[] places = [(0, 0), (0.1, 0.5), (1, 0), (0.05, 1)];
        // The flat ones have half a level each, the noise about 85: it is chosen but for one draw in 60.
        Assert.AreNotEqual(90, library.Cut(new(0, 0, 32, 1, places, 0.03)).Pixels[0]);
        Assert.AreNotEqual(90, library.Cut(new(0, 0, 32, 1, places, 0.97)).Pixels[0]);
        Assert.AreEqual(90, library.Cut(new(0, 0, 32, 1, places, 0.999)).Pixels[0]);
    }

    [TestMethod]
    public void Dead_leaves_cover_the_image_with_edges_and_are_the_same_every_time()
    {
        var image = DeadLeaves.Make(4, 7);
        CollectionAssert.AreEqual(image.Pixels, DeadLeaves.Make(4, 7).Pixels);
        CollectionAssert.AreNotEqual(image.Pixels, DeadLeaves.Make(4, 8).Pixels);
        int side = DeadLeaves.Side, steps = 0;
        for (int i = 0; i < side * (side - 1); i++)
            steps += Math.Abs(image.Pixels[3 * i + 1] - image.Pixels[3 * (i + side) + 1]) > 25 ? 1 : 0;
        // A photo of this size has between 0.5 and 10 % of such edges.
        Assert.IsTrue(steps > 0.005 * side * side && steps < 0.2 * side * side, $"{steps}");
    }

    /// <summary>Patterns are what neighbors differ by; without them, nothing changes.</summary>
    [TestMethod]
    public void Patterns_give_generated_images_fine_texture()
    {
        double plain = Fineness(DeadLeaves.Make(4, 7)), patterned = Fineness(DeadLeaves.Make(4, 7, patterns: 0.5));
        Assert.AreEqual(plain, Fineness(DeadLeaves.Make(4, 7, patterns: 0)));
        Assert.IsGreaterThan(1.5 * plain, patterned);
        CollectionAssert.AreEqual(DeadLeaves.Make(4, 7, 0.5).Pixels, DeadLeaves.Make(4, 7, 0.5).Pixels);

        static double Fineness(RgbImage image)
        {
            long sum = 0;
            for (int i = 0; i < image.Pixels.Length - 3; i++)
                sum += Math.Abs(image.Pixels[i] - image.Pixels[i + 3]);
            return (double)sum / image.Pixels.Length;
        }
    }

    private static string[] Batches(DataSettings settings, IReadOnlyList<ManifestEntry> entries, long first, int count)
    {
        using var source = new PhotoPairs(settings, entries, first);
        return
        [
            .. Enumerable.Range(0, count).Select(_ => source.Next().Batch.Pairs).Select(pairs =>
                string.Concat(pairs.Select(pair => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(pair.Lq))
                    + pair.Gt.Sum()))),
        ];
    }

    private static IReadOnlyList<ManifestEntry> Photos(TemporaryFolder folder) =>
        [.. Enumerable.Range(0, 3).Select(i => new ManifestEntry(TestImages.Save(folder, $"{i}.png", 100 + i, 90), ""))];
}
