using Hypir.Imaging.Damage;

namespace Hypir.Imaging.Tests;

/// <summary>The map of where a result departs from its input.</summary>
[TestClass]
public sealed class DepartureMapTests
{
    private const int Side = 96;

    [TestMethod]
    public void What_did_not_change_is_black()
    {
        RasterImage image = Grain(3, 20);
        Assert.IsTrue(DepartureMap.Of(image, image, null, 0).Shares.All(share => share == 0));
    }

    [TestMethod]
    public void Invented_detail_shows_and_removed_noise_does_not()
    {
        RasterImage flat = Grain(0, 0), noisy = Grain(1, 12);
        // The noise is gone, and a grid appears in the middle.
        byte[] samples = [.. flat.Rgb];
        for (int y = 32; y < 64; y++)
        {
            for (int x = 32; x < 64; x++)
                samples.AsSpan(3 * (y * Side + x), 3).Fill((byte)((x + y) % 4 < 2 ? 132 : 124));
        }

        byte[] map = DepartureMap.Of(noisy, flat.WithColors(samples), null, 12).Shares;
        double inside = Mean(map, (x, y) => x is >= 36 and < 60 && y is >= 36 and < 60), outside = Mean(map, (x, y) => y < 24);
        Assert.IsGreaterThan(40, inside, "Invented.");
        Assert.IsLessThan(1, outside, "Removed noise is explained.");
        byte[] unexplained = DepartureMap.Of(noisy, flat.WithColors(samples), null, 0).Shares;
        Assert.IsGreaterThan(inside, Mean(unexplained, (x, y) => x is >= 36 and < 60 && y is >= 36 and < 60), "Noise explains a part.");
    }

    [TestMethod]
    public void Seeds_that_disagree_show()
    {
        RasterImage flat = Grain(0, 0), other = Grain(5, 8);
        byte[] map = DepartureMap.Of(flat, flat, other, 0).Shares;
        // The luma of independent noise in three channels has 0.669 of its deviation, two seeds twice the variance of one.
        Assert.AreEqual(8 * 0.669 / Math.Sqrt(2) * DepartureMap.PerLevel, Mean(map, (_, _) => true), 8);
    }

    [TestMethod]
    public void Bands_and_depth_do_not_show()
    {
        RasterImage low = Grain(7, 15, 300), high = Grain(8, 15, 300);
        byte[] map = DepartureMap.Of(low, high, null, 4).Shares;
        RasterImage top = low.Cut(0, 240, Side, 40), other = high.Cut(0, 240, Side, 40);
        byte[] part = DepartureMap.Of(top, other, null, 4).Shares;
        // The rows whose surroundings are all in the cut.
        CollectionAssert.AreEqual(map[(258 * Side)..(262 * Side)], part[(18 * Side)..(22 * Side)]);
        // Sums of larger numbers are rounded elsewhere, which can move a value over a half.
        byte[] deep = DepartureMap.Of(Deep(low), Deep(high), null, 4).Shares;
        Assert.IsTrue(map.Zip(deep).All(pair => Math.Abs(pair.First - pair.Second) <= 1));
    }

    /// <summary>
    /// Rank correlations with the true error over photos whose truth is known: HYPIR_MAP_PHOTOS names a folder with a folder for each kind
    /// of damage, which has lq and hq; HYPIR_MAP_RESULTS one with the same kinds and results of the same names.
    /// </summary>
    [TestMethod]
    public void Ranks_over_many_photos()
    {
        if (Environment.GetEnvironmentVariable("HYPIR_MAP_PHOTOS") is not { } photos
            || Environment.GetEnvironmentVariable("HYPIR_MAP_RESULTS") is not { } results)
        {
            Assert.Inconclusive("HYPIR_MAP_PHOTOS and HYPIR_MAP_RESULTS name no photos.");
            return;
        }

        foreach (string kind in Directory.GetDirectories(results).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal))
        {
            List<(double Map, double Plain)> ranks = [];
            foreach (string path in Directory.GetFiles(Path.Combine(photos, kind, "lq")).Order(StringComparer.Ordinal))
            {
                string result = Directory.GetFiles(Path.Combine(results, kind), Path.GetFileNameWithoutExtension(path) + ".*").Single();
                RasterImage input = ImageFile.Load(path), after = ImageFile.Load(result);
                RasterImage truth = ImageFile.Load(Path.Combine(photos, kind, "hq", Path.GetFileName(path)));
                double[] error = Difference(after, truth);
                byte[] shares = DepartureMap.Of(input, after, null, DamageEstimate.Of(input).Noise).Shares;
                ranks.Add((Spearman([.. shares.Select(share => (double)share)], error), Spearman(Difference(after, input), error)));
            }

            double map = ranks.Average(one => one.Map), plain = ranks.Average(one => one.Plain);
            int better = ranks.Count(one => one.Map > one.Plain);
            Console.WriteLine(FormattableString.Invariant(
                $"{kind}: {ranks.Count} photos, map {map:0.000}, difference {plain:0.000}, map better in {better}"));
            if (kind != "none")
                Assert.IsGreaterThan(plain, map, kind);
        }
    }

    private static double[] Difference(RasterImage one, RasterImage two) =>
        [.. Enumerable.Range(0, one.Width * one.Height)
            .Select(i => Enumerable.Range(3 * i, 3).Average(at => Math.Abs(one.Rgb[at] - two.Rgb[at])))];

    private static double Spearman(double[] one, double[] two)
    {
        double[] a = Ranks(one), b = Ranks(two);
        double mean = (a.Length - 1) / 2.0;
        double product = a.Zip(b, (x, y) => (x - mean) * (y - mean)).Sum();
        return product / Math.Sqrt(a.Sum(x => (x - mean) * (x - mean)) * b.Sum(y => (y - mean) * (y - mean)));
    }

    /// <summary>The place of each value; equal values share the mean of theirs.</summary>
    private static double[] Ranks(double[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length)];
        double[] keys = [.. values];
        Array.Sort(keys, order);
        var ranks = new double[values.Length];
        for (int first = 0, end; first < keys.Length; first = end)
        {
            for (end = first + 1; end < keys.Length && keys[end] == keys[first];)
                end++;
            for (int i = first; i < end; i++)
                ranks[order[i]] = (first + end - 1) / 2.0;
        }

        return ranks;
    }

    private static double Mean(byte[] map, Func<int, int, bool> within) =>
        Enumerable.Range(0, map.Length).Where(i => within(i % Side, i / Side)).Average(i => map[i]);

    private static RasterImage Grain(int seed, double sigma, int height = Side)
    {
        var random = new Random(seed);
        byte[] samples =
            [.. Enumerable.Range(0, 3 * Side * height).Select(_ => (byte)Math.Clamp(Math.Round(128 + sigma * Normal()), 0, 255))];
        return new(Side, height, 8, samples);

        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    private static RasterImage Deep(RasterImage image) =>
        new(image.Width, image.Height, 16, [.. image.Rgb.SelectMany(sample => BitConverter.GetBytes((ushort)(257 * sample)))]);
}
