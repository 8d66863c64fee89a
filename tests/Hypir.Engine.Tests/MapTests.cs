using Hypir.Imaging;
using Hypir.Testing;

namespace Hypir.Engine.Tests;

/// <summary><c>hypir restore --map</c>.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class MapTests : EngineTest
{
    [TestMethod]
    public void A_map_lies_beside_the_result()
    {
        MakeImage("a.png", 90, 70);
        Hypir("restore", "a.png", "-o", "plain.png", "-m", NanoModel.Folder).MustEnd(ExitCode.Success);
        ProgramRun run = Hypir("restore", "a.png", "-o", "b.png", "--map", "map.png", "--json", "-m", NanoModel.Folder)
            .MustEnd(ExitCode.Success);
        CollectionAssert.AreEqual(File.ReadAllBytes(In("plain.png")), File.ReadAllBytes(In("b.png")), "The result is the same.");
        double[] fractions = [.. run.Of("progress").Select(line => line.GetProperty("fraction").GetDouble())];
        CollectionAssert.AreEqual(fractions.Order().ToArray(), fractions, "Two runs are one bar.");
        RasterImage map = ImageFile.Load(In("map.png"));
        Assert.AreEqual((90, 70, true), (map.Width, map.Height, map.Metadata.Gray));
        Assert.IsTrue(map.Rgb.Distinct().Count() > 8, "Some places more than others.");
        StringAssert.Contains(Hypir("restore", "a.png", "-o", "c.png", "--map", "map.png").MustEnd(ExitCode.Usage).Error, "already exists");
        StringAssert.Contains(
            Hypir("restore", "a.png", "-o", "c.png", "--map", "a.png", "--overwrite").MustEnd(ExitCode.Usage).Error, "overwrite the image");
        StringAssert.Contains(
            Hypir("restore", "a.png", "plain.png", "--map", "m.png").MustEnd(ExitCode.Usage).Error, "--map is for a single image");

        Hypir("restore", "a.png", "-o", "p.png", "--map", "p-map.png", "--crop", "10,20,40,30", "--upscale", "2", "-m", "faithful")
            .MustEnd(ExitCode.Success);
        Assert.AreEqual((80, 60), (ImageFile.Inspect(In("p-map.png")).Width, ImageFile.Inspect(In("p-map.png")).Height));
        Hypir("restore", "a.png", "-o", "none.png", "--map", "black.png", "--strength", "0", "-m", NanoModel.Folder)
            .MustEnd(ExitCode.Success);
        Assert.IsTrue(ImageFile.Load(In("black.png")).Rgb.All(sample => sample == 0), "Nothing changed.");
    }
}
