using System.Buffers.Binary;
using Hypir.Testing;

namespace Hypir.Engine.Tests;

/// <summary>Each way to fail has its exit code, a message that names the fault, and a remedy; no stack trace, and no file.</summary>
[TestClass]
public sealed class FailureTests : EngineTest
{
    [TestMethod]
    [DataRow(new string[0], "Name an image", DisplayName = "No image")]
    [DataRow(new[] { "a.png", "--upscal", "2" }, "--upscal", DisplayName = "Unknown option")]
    [DataRow(new[] { "a.png", "--upscale", "2", "--longest-side", "9" }, "--longest-side", DisplayName = "Two sizes")]
    [DataRow(new[] { "a.png", "--upscale", "0" }, "--upscale", DisplayName = "No enlargement by 0")]
    [DataRow(new[] { "a.png", "--strength", "much" }, "much", DisplayName = "Not a number")]
    [DataRow(new[] { "a.png", "--mode", "best" }, "best", DisplayName = "Unknown mode")]
    [DataRow(new[] { "a.png", "--precision", "int8" }, "int8", DisplayName = "Unknown precision")]
    [DataRow(new[] { "a.png", "--device", "tpu" }, "tpu", DisplayName = "Unknown device")]
    [DataRow(new[] { "a.png", "--t", "1000" }, "--t", DisplayName = "Timestep out of range")]
    [DataRow(new[] { "a.png", "--tile", "60" }, "--tile", DisplayName = "Tile that the model cannot do")]
    [DataRow(new[] { "a.png", "--tile", "320", "--stride", "640" }, "--stride", DisplayName = "Tiles that leave gaps")]
    [DataRow(new[] { "a.png", "--prompt", "a cat" }, "text encoder", DisplayName = "Prompt for a model that reads none")]
    [DataRow(new[] { "a.png", "--prompt-dir", "folder" }, "text encoder", DisplayName = "Prompts for a model that reads none")]
    [DataRow(new[] { "a.png", "--prompt-dir", "nowhere" }, "nowhere", DisplayName = "No prompt folder")]
    [DataRow(new[] { "a.png", "-o", "b.xyz" }, ".xyz", DisplayName = "Unknown format")]
    [DataRow(new[] { "a.png", "b.png", "-o", "c.png" }, "c.png", DisplayName = "Two images, one file")]
    [DataRow(new[] { "a.png", "folder/a.png", "-o", "out/" }, "both become", DisplayName = "Two images of one name")]
    [DataRow(new[] { "a.png", "-o", "./", "--overwrite" }, "never overwritten", DisplayName = "The image itself as result")]
    [DataRow(new[] { "folder", "-o", "c.png" }, "c.png", DisplayName = "A folder into a file")]
    [DataRow(new[] { "empty" }, "no image", DisplayName = "An empty folder")]
    public void Wrong_usage_is_refused_before_anything_is_done(string[] arguments, string told)
    {
        MakeImage("a.png", 40, 32);
        MakeImage("b.png", 40, 32);
        MakeImage("folder/a.png", 40, 32);
        Directory.CreateDirectory(In("empty"));
        string[] before = Files();
        Check(Hypir(["restore", .. arguments]), ExitCode.Usage, told);
        CollectionAssert.AreEqual(before, Files());
    }

    [TestMethod]
    [DataRow("restore", "a.png", "-n")]
    [DataRow("serve")]
    public void Unknown_kernels_are_refused_once(params string[] arguments)
    {
        MakeImage("a.png", 40, 32);
        using var process = BuiltProgram.Engine.Start(Folder, new Dictionary<string, string> { ["HYPIR_KERNELS"] = "quick" }, arguments);
        Check(BuiltProgram.Finish(process), ExitCode.Usage, "HYPIR_KERNELS is \"quick\"; it can be torch or fast.");
    }

    [TestMethod]
    [DataRow("missing.png", "", DisplayName = "Missing")]
    [DataRow("empty.png", "", DisplayName = "Empty")]
    [DataRow("text.png", "", DisplayName = "Text")]
    [DataRow("cut.png", "", DisplayName = "Truncated")]
    [DataRow("nothing.bmp", "0x0 pixels", DisplayName = "Without pixels")]
    [DataRow("huge.bmp", "65535x65535 pixels; the limit is 268,435,456", DisplayName = "Over the size limit")]
    public void A_bad_image_is_told_by_name(string file, string told)
    {
        File.WriteAllText(In("empty.png"), "");
        File.WriteAllText(In("text.png"), "<html>");
        MakeImage("whole.png", 200, 200);
        File.WriteAllBytes(In("cut.png"), File.ReadAllBytes(In("whole.png"))[..2000]);
        Resized("nothing.bmp", 0);
        Resized("huge.bmp", 65535);
        string[] before = Files();
        // A dry run reads headers only.
        foreach (string[] dry in told.Length == 0 ? (string[][])[[]] : [[], ["-n"]])
        {
            var run = Hypir(["restore", file, .. dry]);
            Check(run, ExitCode.BadFile, file);
            StringAssert.Contains(run.Error, told);
        }
        CollectionAssert.AreEqual(before, Files());
    }

    [TestMethod]
    public void A_missing_or_damaged_model_ends_the_run()
    {
        MakeImage("a.png", 40, 32);
        MakeImage("b.png", 40, 32);
        Check(Hypir("restore", "a.png", "--model", "nowhere"), ExitCode.BadFile, "nowhere");
        CopyFolder(NanoModel.Folder, In("model"));
        string weights = In("model/unet/diffusion_pytorch_model.safetensors");
        File.WriteAllBytes(weights, File.ReadAllBytes(weights)[..^100]);
        var run = Hypir("restore", "a.png", "b.png", "--model", "model");
        Check(run, ExitCode.BadFile, "diffusion_pytorch_model.safetensors");
        Assert.AreEqual(1, run.Error.Split("error:").Length - 1, "It is reported once, not with each image.");
    }

    [TestMethod]
    public void A_place_that_cannot_be_written_is_told()
    {
        MakeImage("a.png", 40, 32);
        Check(Hypir("restore", "a.png", "-o", "a.png/b.png"), ExitCode.CannotWrite, "a.png");
    }

    [TestMethod]
    public void Verbose_tells_where_a_failure_came_from() =>
        StringAssert.Contains(Hypir("restore", "missing.png", "--verbose").MustEnd(ExitCode.BadFile).Error, "   at ");

    /// <summary>Makes an image whose header says another width and height.</summary>
    private void Resized(string name, int side)
    {
        MakeImage(name, 8, 8);
        byte[] file = File.ReadAllBytes(In(name));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), side);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), side);
        File.WriteAllBytes(In(name), file);
    }

    private static void Check(ProgramRun run, ExitCode code, string told)
    {
        run.MustEnd(code);
        StringAssert.Contains(run.Error, told);
        StringAssert.StartsWith(run.Error, "error: ");
        Assert.IsFalse(run.Error.Contains("   at ", StringComparison.Ordinal), run.Error);
        Assert.AreEqual("", run.Output);
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
