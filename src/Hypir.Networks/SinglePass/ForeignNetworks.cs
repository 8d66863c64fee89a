namespace Hypir.Networks.SinglePass;

/// <summary>Image networks that are recognized, so that they can be refused by name. One line each.</summary>
public static class ForeignNetworks
{
    private static readonly IReadOnlyList<(string Name, Func<WeightShapes, bool> Matches)> Known =
    [
        ("HAT", w => w.Has("layers.0.residual_group.overlap_attn.relative_position_bias_table")),
        // Version 1 as first published; version 1 "clean" is a family of its own.
        ("GFPGAN 1", w => w.Has("conv_body_first.0.weight", "stylegan_decoder.style_mlp.1.weight")),
        ("CodeFormer", w => w.Has("position_emb", "idx_pred_layer.0.weight")),
        ("OmniSR", w => w.Has("residual_layer.0.residual_layer.0.layer.0.fn.0.weight")),
        ("RealCUGAN", w => w.Has("unet1.conv1.conv.0.weight", "unet2.conv1.conv.0.weight")),
        ("RestoreFormer", w => w.Has("encoder.conv_in.weight", "quantize.embedding.weight")),
        ("Restormer", w => w.Has("patch_embed.proj.weight", "encoder_level1.0.attn.temperature")),
        ("GRL", w => w.Has("conv_first.weight", "layers.0.blocks.0.attn.window_attn.attn_transform.logit_scale")),
        ("LaMa", w => w.Has("model.1.bn_l.running_mean") || w.Has("generator.model.1.bn_l.running_mean")),
        ("MAT", w => w.Has("synthesis.first_stage.conv_first.conv.weight")),
        ("Swin2SR", w => w.Has("layers.0.residual_group.blocks.0.attn.cpb_mlp.0.weight")),
    ];

    /// <summary>The name of the network that a file's weights belong to, or null where it is unknown.</summary>
    /// <param name="weights">The file's keys and shapes.</param>
    public static string? NameOf(WeightShapes weights) => Known.FirstOrDefault(network => network.Matches(weights)).Name;
}
