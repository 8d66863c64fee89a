using System.Globalization;
using System.Text.Json;
using Hypir.Networks.Vae;
using Hypir.Networks.Weights;
using Hypir.Planning.Configs;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Vae;

/// <summary>Autoencoders of other shapes than SD 2.1's, from configurations alone.</summary>
[TestClass]
public sealed class VaeVariantTests : TensorTest
{
    [TestMethod]
    [DataRow(1, 4, true)]
    [DataRow(2, 3, false)]
    [DataRow(3, 16, true)]
    [DataRow(4, 8, false)]
    public void Any_factor_and_number_of_latent_channels(int levels, int latent, bool extras)
    {
        VaeConfig config = Parse(
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                {"block_out_channels": [{{string.Join(
                    ", ", Enumerable.Repeat(8, levels))}}], "latent_channels": {{latent}}, "norm_num_groups": 4, "layers_per_block": 1,
                 "down_block_types": [{{string.Join(", ", Enumerable.Repeat("\"DownEncoderBlock2D\"", levels))}}],
                 "up_block_types": [{{string.Join(", ", Enumerable.Repeat("\"UpDecoderBlock2D\"", levels))}}],
                 "mid_block_add_attention": {{(extras ? "true" : "false")}}, "use_quant_conv": {{(
                    extras ? "true" : "false"
                )}}, "use_post_quant_conv": {{(extras ? "true" : "false")}}}
                """
            )
        );
        int factor = 1 << (levels - 1);
        Assert.AreEqual(factor, config.Factor);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        IReadOnlyDictionary<string, long[]> shapes = ShapeRecorder.Record(w => new AutoencoderKL(config, w));
        Assert.AreEqual(extras, shapes.ContainsKey("encoder.mid_block.attentions.0.to_q.weight"));
        Assert.AreEqual(extras, shapes.ContainsKey("quant_conv.weight"));
        using var weights = new SeededTensors(shapes, 1);
        using var vae = new AutoencoderKL(config, new WeightScope(new CheckpointWeights(weights)));
        Tensor moments = vae.EncodeMoments(randn(1, 3, 3 * factor, 5 * factor));
        CollectionAssert.AreEqual(new[] { 1L, 2 * latent, 3, 5 }, moments.shape);
        CollectionAssert.AreEqual(new[] { 1L, 3, 3 * factor, 5 * factor }, vae.Decode(Posterior.Mean(moments)).shape);
    }

    [TestMethod]
    [DataRow(
        """{"block_out_channels": [8], "down_block_types": ["DownEncoderBlock2D"], "up_block_types": ["UpDecoderBlock2D"],"""
            + """ "norm_num_groups": 4, "scaling_factor": 0}""",
        "scaling_factor"
    )]
    [DataRow(
        """{"block_out_channels": [8], "down_block_types": ["AttnDownEncoderBlock2D"], "up_block_types": ["UpDecoderBlock2D"],"""
            + """ "norm_num_groups": 4}""",
        "AttnDownEncoderBlock2D"
    )]
    [DataRow(
        """{"block_out_channels": [8], "down_block_types": ["DownEncoderBlock2D"], "up_block_types": ["UpDecoderBlock2D"],"""
            + """ "norm_num_groups": 4, "shift_factor": 0.1}""",
        "shift_factor"
    )]
    [DataRow("[]", "JSON object")]
    public void Another_familys_configuration_is_refused(string json, string named) =>
        StringAssert.Contains(Assert.ThrowsExactly<ModelException>(() => Parse(json)).Message, named);

    private static VaeConfig Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return VaeConfig.Parse(document.RootElement, "some/config.json");
    }
}
