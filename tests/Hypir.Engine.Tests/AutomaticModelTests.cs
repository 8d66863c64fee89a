using System.Text.Json;
using Hypir.Imaging;
using Hypir.Testing;

namespace Hypir.Engine.Tests;

/// <summary>Where no model is named, what an image shows and what is asked for choose it.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class AutomaticModelTests : EngineTest
{
    [TestMethod]
    public void Each_image_of_a_run_gets_its_own_model()
    {
        Save("in/good.png", blur: 0.3, quality: null);
        Save("in/bad.jpg", blur: 4, quality: 20);
        ProgramRun dry = Hypir("restore", "in", "-o", "out", "--dry-run", "--json").MustEnd(ExitCode.Success);
        ProgramRun run = Hypir("restore", "in", "-o", "out", "--json", "--engine", "never").MustEnd(ExitCode.Success);
        foreach (var (file, model, reason) in new[]
        {
            ("bad.jpg", "vivid", "Strong compression, strong blur: vivid."), ("good.png", "faithful", "No damage: faithful."),
        })
        {
            foreach (JsonElement plan in new[] { One(dry, "plan", file), One(run, "plan", file) })
            {
                Assert.AreEqual(model, plan.GetProperty("model").GetString(), plan.GetProperty("notes")[0].GetString());
                Assert.AreEqual(reason, plan.GetProperty("notes")[0].GetString());
            }

            Assert.AreEqual(reason, One(run, "result", file).GetProperty("notes")[0].GetString());
            Hypir("restore", $"in/{file}", "-o", $"named/{file}", "-m", model).MustEnd(ExitCode.Success);
            CollectionAssert.AreEqual(File.ReadAllBytes(In($"named/{file}")), File.ReadAllBytes(In($"out/{file}")), file);
        }
    }

    [TestMethod]
    public void Enlarging_takes_the_network_that_makes_up_detail()
    {
        Save("good.png", blur: 0.3, quality: null);
        string Model(params string[] options) =>
            One(Hypir(["restore", "good.png", "--dry-run", "--json", .. options]).MustEnd(ExitCode.Success), "plan", "good.png")
                .GetProperty("model").GetString()!;
        Assert.AreEqual("vivid", Model("--upscale", "2"));
        Assert.AreEqual("vivid", Model("--upscale", "2", "-m", "auto"));
        Assert.AreEqual("vivid", Model("--longest-side", "240"));
        Assert.AreEqual("faithful", Model("--upscale", "1.2"));
        Assert.AreEqual("faithful", Model("--upscale", "2", "-m", "faithful"));
    }

    /// <summary>Reducing a result of sixteen times its pixels would take minutes.</summary>
    [TestMethod]
    public void A_large_image_that_keeps_its_size_is_not_enlarged_on_the_way()
    {
        Save("bad.jpg", blur: 4, quality: 20, side: 2048);
        string Model(params string[] options) =>
            One(Hypir(["restore", "bad.jpg", "--dry-run", "--json", .. options]).MustEnd(ExitCode.Success), "plan", "bad.jpg")
                .GetProperty("model").GetString()!;
        Assert.AreEqual("faithful", Model());
        Assert.AreEqual("vivid", Model("--upscale", "1.5"));
    }

    /// <summary>What was written for one network chooses it, whatever the image is.</summary>
    [TestMethod]
    public void A_named_model_is_used_for_every_image()
    {
        Save("bad.jpg", blur: 4, quality: 20);
        ProgramRun run = Hypir("restore", "bad.jpg", "--dry-run", "--json", "-m", "faithful").MustEnd(ExitCode.Success);
        JsonElement plan = One(run, "plan", "bad.jpg");
        Assert.AreEqual("faithful", plan.GetProperty("model").GetString());
        string[] notes = [.. plan.GetProperty("notes").EnumerateArray().Select(note => note.GetString()!)];
        Assert.IsFalse(notes.Any(note => note.Contains("faithful", StringComparison.Ordinal)), string.Join(' ', notes));
    }

    private static JsonElement One(ProgramRun run, string kind, string file) =>
        run.Of(kind).Single(line => Path.GetFileName(line.GetProperty("input").GetString()) == file);

    /// <summary>Discs as a file.</summary>
    private void Save(string name, double blur, int? quality, int side = 160)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(name))!);
        ImageFile.Save(
            new(side, side, 8, Discs.Samples(side, blur)), In(name), SaveSettings.Default with { JpegQuality = quality ?? 95 });
    }
}
