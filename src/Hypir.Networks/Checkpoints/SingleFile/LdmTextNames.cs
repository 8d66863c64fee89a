using System.Text.Json;

namespace Hypir.Networks.Checkpoints.SingleFile;

/// <summary>
/// The text encoder's names in OpenCLIP's layout, which has query, key and value in one tensor. Stable Diffusion 2 uses the last layer but one: the layers
/// beyond the config's number, the projection and the contrastive scale are left out.
/// </summary>
/// <param name="config">The text encoder's config: <c>num_hidden_layers</c>.</param>
internal sealed class LdmTextNames(JsonElement config)
{
    private readonly int _layers = config.GetProperty("num_hidden_layers").GetInt32();

    /// <summary>
    /// The names that the tensor becomes: none for what is left out, one as a rule, three where it is query, key and value together; null where the
    /// name (without its prefix) is not of this layout.
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
