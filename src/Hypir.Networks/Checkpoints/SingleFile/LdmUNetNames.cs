using System.Text.Json;

namespace Hypir.Networks.Checkpoints.SingleFile;

/// <summary>
/// Translates the UNet's names from the original (CompVis, Stability) layout. It keeps all encoder modules in one list
/// (<c>input_blocks</c>) and all decoder modules in another; the diffusers block of a module follows from the number of residual layers per
/// block.
/// </summary>
internal sealed class LdmUNetNames
{
    private readonly List<(int Block, int Layer)> _input = [], _output = [];
    private readonly int[] _layers;

    /// <param name="config">
    /// Diffusers' config of the UNet: <c>layers_per_block</c> (a number, or one for each block) and <c>down_block_types</c>.
    /// </param>
    public LdmUNetNames(JsonElement config)
    {
        int blocks = config.GetProperty("down_block_types").GetArrayLength();
        var layers = config.GetProperty("layers_per_block");
        _layers = layers.ValueKind == JsonValueKind.Array
            ? [.. layers.EnumerateArray().Select(n => n.GetInt32())]
            : [.. Enumerable.Repeat(layers.GetInt32(), blocks)];
        for (int block = 0; block < blocks; block++)
        {
            // The position after the last layer belongs to the downsampler.
            _input.AddRange(Enumerable.Range(0, _layers[block] + 1).Select(layer => (block, layer)));
            _output.AddRange(Enumerable.Range(0, _layers[blocks - 1 - block] + 1).Select(layer => (block, layer)));
        }
    }

    /// <summary>The diffusers name, or null if the name (without its prefix) does not belong to this layout.</summary>
    public string? Translate(string name)
    {
        string[] parts = name.Split('.');
        return parts switch
        {
            ["time_embed", "0" or "2", var leaf] => $"time_embedding.linear_{(parts[1] == "0" ? 1 : 2)}.{leaf}",
            ["out", "0", var leaf] => $"conv_norm_out.{leaf}",
            ["out", "2", var leaf] => $"conv_out.{leaf}",
            ["input_blocks", "0", "0", var leaf] => $"conv_in.{leaf}",
            ["input_blocks", var n, var m, .. var rest] when Place(_input, n, before: 1) is { } at => Down(at, m, rest),
            ["middle_block", "1", .. var rest] => $"mid_block.attentions.0.{string.Join('.', rest)}",
            ["middle_block", "0", .. var rest] => Resnet("mid_block.resnets.0", rest),
            ["middle_block", "2", .. var rest] => Resnet("mid_block.resnets.1", rest),
            ["output_blocks", var n, var m, .. var rest] when Place(_output, n, before: 0) is { } at => Up(at, m, rest),
            _ => null,
        };
    }

    private string? Down((int Block, int Layer) at, string module, string[] rest)
    {
        string block = $"down_blocks.{at.Block}";
        if (at.Layer == _layers[at.Block])
            return (module, rest) is ("0", ["op", var leaf]) ? $"{block}.downsamplers.0.conv.{leaf}" : null;
        return module switch
        {
            "0" => Resnet($"{block}.resnets.{at.Layer}", rest),
            "1" => $"{block}.attentions.{at.Layer}.{string.Join('.', rest)}",
            _ => null,
        };
    }

    private static string? Up((int Block, int Layer) at, string module, string[] rest)
    {
        string block = $"up_blocks.{at.Block}";
        return (module, rest) switch
        {
            ("0", _) => Resnet($"{block}.resnets.{at.Layer}", rest),
            // The upsampler follows the attention, or takes its place in blocks without one.
            ("1" or "2", ["conv", var leaf]) => $"{block}.upsamplers.0.conv.{leaf}",
            ("1", _) => $"{block}.attentions.{at.Layer}.{string.Join('.', rest)}",
            _ => null,
        };
    }

    private static string? Resnet(string place, string[] rest) => rest switch
    {
        ["in_layers", "0", var leaf] => $"{place}.norm1.{leaf}",
        ["in_layers", "2", var leaf] => $"{place}.conv1.{leaf}",
        ["emb_layers", "1", var leaf] => $"{place}.time_emb_proj.{leaf}",
        ["out_layers", "0", var leaf] => $"{place}.norm2.{leaf}",
        ["out_layers", "3", var leaf] => $"{place}.conv2.{leaf}",
        ["skip_connection", var leaf] => $"{place}.conv_shortcut.{leaf}",
        _ => null,
    };

    private static (int Block, int Layer)? Place(List<(int Block, int Layer)> places, string number, int before) =>
        int.TryParse(number, out int n) && n >= before && n - before < places.Count ? places[n - before] : null;
}
