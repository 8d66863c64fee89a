using System.Text.Json;
using Hypir.Testing;

namespace Hypir.Restoration.Tests.Planning;

[TestClass]
public sealed class NetworkCostTests
{
    /// <summary>One 512 tile at SD 2.1's size, as PyTorch's own counter saw it (rounded to GFLOP); LoRA merged.</summary>
    [TestMethod]
    public void Operations_are_those_that_PyTorch_counts()
    {
        var facts = StableDiffusion.Facts;
        Assert.AreEqual(1117, facts.EncoderCost(512, 512).Operations / 1e9, 0.5);
        Assert.AreEqual(804, facts.UNetCosts(64, 64).Operations / 1e9, 0.5);
        Assert.AreEqual(2515, facts.DecoderCost(64, 64).Operations / 1e9, 0.5);
        Assert.AreEqual(45, facts.TextCosts().Operations / 1e9, 0.5);
    }

    [TestMethod]
    [TestCategory("Golden")]
    public void Parameters_are_those_of_the_full_size_weights()
    {
        var facts = StableDiffusion.Facts;
        Assert.AreEqual(InManifest("unet"), facts.UNetCosts(64, 64).Parameters, "UNet");
        Assert.AreEqual(InManifest("vae"), facts.EncoderCost(512, 512).Parameters + facts.DecoderCost(64, 64).Parameters, "VAE");
        Assert.AreEqual(InManifest("text_encoder"), facts.TextCosts().Parameters, "text encoder");
    }

    private static long InManifest(string network)
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(Goldens.Require("manifest", network + ".json")));
        return manifest.RootElement.EnumerateObject().Where(entry => !entry.Name.EndsWith("position_ids", StringComparison.Ordinal))
            .Sum(entry => entry.Value.EnumerateArray().Aggregate(1L, (product, size) => product * size.GetInt64()));
    }
}
