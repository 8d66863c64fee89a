using System.Text.Json;

namespace Hypir.Networks.Checkpoints.SingleFile;

/// <summary>The autoencoder's names in the original layout, whose decoder counts its blocks from the picture inwards.</summary>
/// <param name="config">Diffusers' config of the VAE: <c>up_block_types</c>.</param>
internal sealed class LdmVaeNames(JsonElement config)
{
    private readonly int _last = config.GetProperty("up_block_types").GetArrayLength() - 1;

    /// <summary>Diffusers' name, or null where the name (without its prefix) is not of this layout.</summary>
    public string? Translate(string name)
    {
        string[] parts = name.Split('.');
        return parts switch
        {
            ["quant_conv" or "post_quant_conv", _] => name,
            ["encoder" or "decoder", .. var rest] when Within(parts[0], rest) is { } inner => $"{parts[0]}.{inner}",
            _ => null,
        };
    }

    /// <summary>Whether this tensor of diffusers' layout belongs to an attention layer, whose weights are 1x1 convolutions in the original.</summary>
    public static bool IsAttention(string name) => name.Contains(".mid_block.attentions.", StringComparison.Ordinal);

    private string? Within(string side, string[] rest) => rest switch
    {
        ["conv_in" or "conv_out", var leaf] => $"{rest[0]}.{leaf}",
        ["norm_out", var leaf] => $"conv_norm_out.{leaf}",
        ["mid", "block_1", .. var inner] => Resnet("mid_block.resnets.0", inner),
        ["mid", "block_2", .. var inner] => Resnet("mid_block.resnets.1", inner),
        ["mid", "attn_1", var layer, var leaf] when Attention(layer) is { } today => $"mid_block.attentions.0.{today}.{leaf}",
        ["down", var block, .. var inner] when side == "encoder" => Block("down", block, inner),
        ["up", var block, .. var inner] when side == "decoder" && int.TryParse(block, out int n) && n <= _last => Block("up", $"{_last - n}", inner),
        _ => null,
    };

    private static string? Block(string way, string block, string[] rest) => rest switch
    {
        ["block", var layer, .. var inner] => Resnet($"{way}_blocks.{block}.resnets.{layer}", inner),
        ["downsample" or "upsample", "conv", var leaf] => $"{way}_blocks.{block}.{rest[0]}rs.0.conv.{leaf}",
        _ => null,
    };

    private static string? Resnet(string place, string[] rest) => rest switch
    {
        ["nin_shortcut", var leaf] => $"{place}.conv_shortcut.{leaf}",
        ["norm1" or "norm2" or "conv1" or "conv2", var leaf] => $"{place}.{rest[0]}.{leaf}",
        _ => null,
    };

    private static string? Attention(string layer) => layer switch
    {
        "norm" => "group_norm",
        "q" => "to_q",
        "k" => "to_k",
        "v" => "to_v",
        "proj_out" => "to_out.0",
        _ => null,
    };
}
