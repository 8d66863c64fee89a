using Hypir.Networks.Checkpoints;
using Hypir.Networks.SinglePass;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.SinglePass;

[TestClass]
public sealed class SinglePassForeignTests
{
    [TestMethod]
    [DataRow("HAT", "conv_first.weight", "layers.0.residual_group.overlap_attn.relative_position_bias_table",
        "layers.0.residual_group.blocks.0.norm1.weight", "layers.0.residual_group.blocks.0.mlp.fc1.bias",
        "layers.0.residual_group.blocks.0.attn.relative_position_bias_table")]
    [DataRow("GFPGAN 1", "conv_body_first.0.weight", "stylegan_decoder.style_mlp.1.weight")]
    [DataRow("CodeFormer", "position_emb", "idx_pred_layer.0.weight")]
    [DataRow("OmniSR", "residual_layer.0.residual_layer.0.layer.0.fn.0.weight")]
    [DataRow("RealCUGAN", "unet1.conv1.conv.0.weight", "unet2.conv1.conv.0.weight")]
    [DataRow("RestoreFormer", "encoder.conv_in.weight", "quantize.embedding.weight")]
    [DataRow("Restormer", "patch_embed.proj.weight", "encoder_level1.0.attn.temperature")]
    [DataRow("GRL", "conv_first.weight", "layers.0.blocks.0.attn.window_attn.attn_transform.logit_scale")]
    [DataRow("LaMa", "generator.model.1.bn_l.running_mean", "discriminator.model0.0.weight")]
    [DataRow("MAT", "synthesis.first_stage.conv_first.conv.weight")]
    [DataRow("Swin2SR", "layers.0.residual_group.blocks.0.attn.cpb_mlp.0.weight")]
    public void A_known_network_is_refused_by_name(string name, params string[] keys)
    {
        var source = Named(keys);
        ModelException refusal = Assert.ThrowsExactly<ModelException>(() => SinglePassFile.Of(source));
        Assert.Contains($"this is {name},", refusal.Message);
        Assert.IsTrue(source.IsDisposed);
    }

    [TestMethod]
    public void An_unknown_network_is_refused_with_what_is_supported()
    {
        ModelException refusal = Assert.ThrowsExactly<ModelException>(() => SinglePassFile.Of(Named("some.weight")));
        Assert.Contains("unknown", refusal.Message);
        Assert.Contains("Compact", refusal.Remedy!);
    }

    private static MemorySource Named(params string[] keys) =>
        MemorySource.Claiming(keys.Select(key => new TensorInfo(key, ScalarType.Float32, [1, 1, 1, 1])));
}
