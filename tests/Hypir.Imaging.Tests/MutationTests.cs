using System.Diagnostics;
using Hypir.Imaging.Formats;
using Hypir.Testing;

namespace Hypir.Imaging.Tests;

/// <summary>Damaged files of every kind: what is read is an image that can be written, all else is an error that names the file.</summary>
[TestClass]
public sealed class MutationTests
{
    private const int Seed = 20260301;
    private const long MostMemory = 400L << 20;

    private static readonly string[] Targets = ["out.png", "out.jpg", "out.webp", "out.tif", "out.bmp"];

    public TestContext TestContext { get; set; } = null!;

    // The limit is for a decoder that hangs; it has no part in what passes.
    [TestMethod, Timeout(1_800_000)]
    public void A_damaged_file_is_an_image_or_an_error_that_names_it()
    {
        int count = Environment.GetEnvironmentVariable("HYPIR_LONG") == "1" ? 10_000 : 1_500;
        string[] names = Fixtures.All();
        byte[][] files = [.. names.Select(name => File.ReadAllBytes(Fixtures.Path(name)))];
        var limits = new ImageLimits { MaxPixels = 4_000_000 };
        using var folder = new TemporaryFolder();
        ImageFile.Load(Fixtures.Path(names[0]));
        long before = PeakMemory();
        int read = 0;
        for (int i = 0; i < count; i++)
        {
            var random = new Random(Seed + i);
            int which = i % names.Length;
            string path = folder.File(names[which]);
            File.WriteAllBytes(path, Mutation.Of(files[which], random));
            try
            {
                read += LoadAndSave(path, limits, folder, random) ? 1 : 0;
            }
            catch (Exception failure) when (failure is not ImageException)
            {
                throw new AssertFailedException($"Mutation {i} of {names[which]}: {failure}", failure);
            }
        }
        TestContext.WriteLine($"{count} mutations, {read} still images, memory {(PeakMemory() - before) >> 20} MiB.");
        Assert.IsLessThan(MostMemory, PeakMemory() - before);
        Assert.IsLessThan(count, read);
        Assert.AreNotEqual(0, read);
    }

    private static bool LoadAndSave(string path, ImageLimits limits, TemporaryFolder folder, Random random)
    {
        RasterImage image;
        try
        {
            image = ImageFile.Load(path, limits);
        }
        catch (ImageException failure)
        {
            Assert.Contains(path, failure.Message);
            return false;
        }
        string target = folder.File(Targets[random.Next(Targets.Length)]);
        var settings = new SaveSettings { Compression = 1, KeepProfile = random.Next(2) == 0, StripLocation = random.Next(2) == 0 };
        if (image.Width * image.Height < 10_000)
            ImageFile.Save(image, target, settings);
        return true;
    }

    private static long PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
