using System.Text.Json;

namespace Hypir.Networks.Checkpoints.SingleFile;

/// <summary>Translates the autoencoder's names from the original layout, whose decoder numbers its blocks from the image inward.</summary>
/// <param name="config">Diffusers' config of the VAE: <c>up_block_types</c>.</param>
internal sealed class LdmVaeNames(JsonElement config)
{
    private readonly int _last = config.GetProperty("up_block_types").GetArrayLength() - 1;

    /// <summary>The diffusers name, or null if the name (without its prefix) does not belong to this layout.</summary>
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

    /// <summary>
    /// Whether this diffusers tensor belongs to an attention layer, whose weights are 1x1 convolutions in the original layout.
    /// </summary>
    public static bool IsAttention(string name) => name.Contains(".mid_block.attentions.", StringComparison.Ordinal);

    private string? Within(string side, string[] rest) =>
        rest switch
        {
            ["conv_in" or "conv_out", var leaf] => $"{rest[0]}.{leaf}",
            ["norm_out", var leaf] => $"conv_norm_out.{leaf}",
            ["mid", "block_1", .. var inner] => Resnet("mid_block.resnets.0", inner),
            ["mid", "block_2", .. var inner] => Resnet("mid_block.resnets.1", inner),
            ["mid", "attn_1", var layer, var leaf] when Attention(layer) is { } today => $"mid_block.attentions.0.{today}.{leaf}",
            ["down", var block, .. var inner] when side == "encoder" => Block("down", block, inner),
            ["up", var block, .. var inner] when side == "decoder" && int.TryParse(block, out int n) && n <= _last => Block(
                "up", $"{_last - n}", inner),
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

/// <summary>
/// Translates the text encoder's names from OpenCLIP's layout, which combines query, key and value in one tensor. Stable Diffusion 2 uses
/// the last layer but one: layers beyond the config's number, the projection and the contrastive scale are dropped.
/// </summary>
/// <param name="config">The text encoder's config: <c>num_hidden_layers</c>.</param>
internal sealed class LdmTextNames(JsonElement config)
{
    private readonly int _layers = config.GetProperty("num_hidden_layers").GetInt32();

    /// <summary>
    /// The names that the tensor becomes: empty if it is dropped, normally one, and three if it combines query, key and value; null if the
    /// name (without its prefix) does not belong to this layout.
    /// </summary>
    public string[]? Translate(string name) => name.Split('.') switch
    {
        ["token_embedding", "weight"] => ["text_model.embeddings.token_embedding.weight"],
        ["positional_embedding"] => ["text_model.embeddings.position_embedding.weight"],
        ["ln_final", var leaf] => [$"text_model.final_layer_norm.{leaf}"],
        ["text_projection" or "logit_scale" or "attn_mask"] => [],
        ["transformer", "resblocks", var layer, .. var rest] when int.TryParse(layer, out int n) =>
            n < _layers ? Layer($"text_model.encoder.layers.{n}", rest) : [],
        _ => null,
    };

    private static string[]? Layer(string place, string[] rest) => rest switch
    {
        ["ln_1", var leaf] => [$"{place}.layer_norm1.{leaf}"],
        ["ln_2", var leaf] => [$"{place}.layer_norm2.{leaf}"],
        ["mlp", "c_fc", var leaf] => [$"{place}.mlp.fc1.{leaf}"],
        ["mlp", "c_proj", var leaf] => [$"{place}.mlp.fc2.{leaf}"],
        ["attn", "out_proj", var leaf] => [$"{place}.self_attn.out_proj.{leaf}"],
        ["attn", "in_proj_weight"] => Thirds(place, "weight"),
        ["attn", "in_proj_bias"] => Thirds(place, "bias"),
        _ => null,
    };

    private static string[] Thirds(string place, string leaf) => [.. "qkv".Select(part => $"{place}.self_attn.{part}_proj.{leaf}")];
}
