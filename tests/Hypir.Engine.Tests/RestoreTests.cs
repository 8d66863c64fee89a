using Hypir.Imaging;
using Hypir.Imaging.Formats;
using Hypir.Testing;

namespace Hypir.Engine.Tests;

/// <summary>What <c>hypir restore</c> makes of images, with the model that ships.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class RestoreTests : EngineTest
{
    [TestMethod]
    public void A_result_lies_beside_its_image_in_the_same_size()
    {
        MakeImage("photo.jpg", 100, 80);
        byte[] before = File.ReadAllBytes(In("photo.jpg"));
        var run = Hypir("restore", "photo.jpg").MustEnd(ExitCode.Success);
        StringAssert.Contains(run.Output, "photo.restored.png (100x80");
        CollectionAssert.AreEqual(new[] { "photo.jpg", "photo.restored.png" }, Files());
        CollectionAssert.AreEqual(before, File.ReadAllBytes(In("photo.jpg")), "An image is never changed.");
        var (input, result) = (ImageFile.Load(In("photo.jpg")), ImageFile.Load(In("photo.restored.png")));
        Assert.AreEqual((100, 80), (result.Width, result.Height));
        Assert.IsFalse(input.Rgb.SequenceEqual(result.Rgb), "The model changes the image.");
        double difference = input.Rgb.Zip(result.Rgb, (a, b) => Math.Abs(a - b)).Average();
        Assert.IsTrue(difference < 25, $"The result shows the same image; the mean difference is {difference:f1}.");
    }

    [TestMethod]
    public void Equal_seeds_give_equal_bytes()
    {
        MakeImage("a.png", 96, 64);
        foreach (var (name, seed) in new[] { ("one.png", "5"), ("two.png", "5"), ("other.png", "6") })
            Hypir("restore", "a.png", "-o", name, "--seed", seed, "-m", NanoModel.Folder).MustEnd(ExitCode.Success);
        CollectionAssert.AreEqual(File.ReadAllBytes(In("one.png")), File.ReadAllBytes(In("two.png")));
        CollectionAssert.AreNotEqual(File.ReadAllBytes(In("one.png")), File.ReadAllBytes(In("other.png")), "The seed matters.");
    }

    [TestMethod]
    public void Alpha_is_kept()
    {
        MakeImage("a.png", 90, 70, alpha: true);
        Hypir("restore", "a.png", "-o", "b.png").MustEnd(ExitCode.Success);
        CollectionAssert.AreEqual(ImageFile.Load(In("a.png")).Alpha, ImageFile.Load(In("b.png")).Alpha);
    }

    [TestMethod]
    [DataRow("--upscale", "2", 120, 88)]
    [DataRow("--longest-side", "30", 30, 22)]
    [DataRow("--width", "30", 30, 22)]
    [DataRow("--height", "22", 30, 22)]
    [DataRow("--width 30 --height", "40", 30, 22)]
    [DataRow("--width 90 --height", "22", 30, 22)]
    [DataRow("--megapixels", "0.01056", 120, 88)]
    public void The_size_can_be_chosen(string option, string value, int width, int height)
    {
        MakeImage("a.png", 60, 44, alpha: true);
        Hypir(["restore", "a.png", "-o", "b.webp", .. option.Split(' '), value]).MustEnd(ExitCode.Success);
        var info = ImageFile.Inspect(In("b.webp"));
        Assert.AreEqual((ImageFormat.WebP, width, height, true), (info.Format, info.Width, info.Height, info.HasAlpha));
    }

    /// <summary>More threads than any machine of these tests would start unasked.</summary>
    [TestMethod]
    [DataRow("-o b.png")]
    [DataRow("--try strength=0.5,1")]
    [OSCondition(OperatingSystems.Linux)]
    public void The_number_of_threads_can_be_chosen(string options)
    {
        MakeImage("a.png", 1500, 1200);
        using var run = BuiltProgram.Engine.Start(
            Folder, ["restore", "a.png", "--crop", "0,0,1500,1200", "--threads", "300", "--quiet", .. options.Split(' ')]);
        int most = 0;
        Polling.Until(() => run.HasExited || (most = Math.Max(most, Directory.GetDirectories($"/proc/{run.Id}/task").Length)) > 300);
        Assert.IsGreaterThan(300, most, "As many threads were asked for.");
        run.Kill();
    }

    [TestMethod]
    public void Strength_0_gives_the_input_back()
    {
        MakeImage("a.png", 60, 44);
        Hypir("restore", "a.png", "-o", "b.png", "--strength", "0").MustEnd(ExitCode.Success);
        CollectionAssert.AreEqual(ImageFile.Load(In("a.png")).Rgb, ImageFile.Load(In("b.png")).Rgb);
    }

    [TestMethod]
    public void A_part_is_restored_alone_or_within_the_rest()
    {
        MakeImage("a.png", 90, 70);
        byte[] mask = [.. Enumerable.Range(0, 90 * 70).SelectMany(i => Enumerable.Repeat((byte)(i % 90 >= 60 ? 255 : 0), 3))];
        ImageFile.Save(new RasterImage(90, 70, 8, mask), In("mask.png"));
        var run = Hypir("restore", "a.png", "-o", "part.png", "--crop", "60,10,30,20", "--verbose").MustEnd(ExitCode.Success);
        StringAssert.Contains(run.Output, "Only 30x20 pixels at 60,10 are restored");
        Hypir("restore", "a.png", "-o", "masked.png", "--mask", "mask.png").MustEnd(ExitCode.Success);
        var (input, part, masked) = (ImageFile.Load(In("a.png")), ImageFile.Load(In("part.png")), ImageFile.Load(In("masked.png")));
        Assert.AreEqual((30, 20, 90, 70), (part.Width, part.Height, masked.Width, masked.Height));
        CollectionAssert.AreEqual(input.Cut(0, 0, 60, 70).Rgb, masked.Cut(0, 0, 60, 70).Rgb, "Black does not change.");
        CollectionAssert.AreNotEqual(input.Cut(60, 10, 30, 20).Rgb, masked.Cut(60, 10, 30, 20).Rgb, "White is restored.");
        string json = Hypir("restore", "a.png", "--crop", "60,10,30,20", "--dry-run", "--json").MustEnd(ExitCode.Success).Output;
        StringAssert.Contains(json, "\"outputWidth\":30,\"outputHeight\":20");
    }

    [TestMethod]
    [DataRow("--crop 60,10,31,20", ExitCode.Usage, "does not lie within the image of 90x70")]
    [DataRow("--mask small.png", ExitCode.Usage, "but the mask small.png has 8x8")]
    [DataRow("--mask black.png", ExitCode.BadFile, "This mask is black")]
    [DataRow("--mask none.png", ExitCode.BadFile, "none.png")]
    [DataRow("--mask small.png -o small.png --overwrite", ExitCode.Usage, "small.png")]
    [DataRow("--mask small.png --crop 1,1,1,1", ExitCode.Usage, "--crop and --mask cannot both be given")]
    public void Parts_that_do_not_fit_are_refused(string options, ExitCode code, string told)
    {
        MakeImage("a.png", 90, 70);
        MakeImage("small.png", 8, 8);
        ImageFile.Save(new RasterImage(90, 70, 8, new byte[3 * 90 * 70]), In("black.png"));
        StringAssert.Contains(Hypir(["restore", "a.png", .. options.Split(' ')]).MustEnd(code).Error, told);
        Assert.IsFalse(Files().Contains("a.restored.png"));
    }

    [TestMethod]
    public void A_model_with_a_text_encoder_reads_prompts_from_a_folder()
    {
        string model = Testing.Goldens.Require("tiny-sd2");
        MakeImage("in/one.png", 64, 64);
        MakeImage("in/sub/two.png", 64, 64);
        Directory.CreateDirectory(In("texts/sub"));
        File.WriteAllText(In("texts/sub/two.txt"), "an old photograph\n");
        string[] options = ["--model", model, "--tile", "64", "--stride", "64"];
        Hypir(["restore", "in", "-r", "-o", "folder", "--prompt-dir", "texts", "--prompt", "a cat", .. options]).MustEnd(ExitCode.Success);
        Hypir(["restore", "in", "-r", "-o", "old", "--prompt", "an old photograph", .. options]).MustEnd(ExitCode.Success);
        Hypir(["restore", "in", "-r", "-o", "cat", "--prompt", "a cat", .. options]).MustEnd(ExitCode.Success);
        CollectionAssert.AreEqual(
            File.ReadAllBytes(In("old/sub/two.png")), File.ReadAllBytes(In("folder/sub/two.png")), "A text of its own goes first.");
        CollectionAssert.AreEqual(
            File.ReadAllBytes(In("cat/one.png")), File.ReadAllBytes(In("folder/one.png")), "Without one the prompt for all holds.");
        CollectionAssert.AreNotEqual(File.ReadAllBytes(In("old/one.png")), File.ReadAllBytes(In("cat/one.png")), "Prompts matter.");
    }
}
