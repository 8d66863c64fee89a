using Hypir.Planning.Configs;

namespace Hypir.Planning.Outlines;

/// <summary>The outlines of an <c>AutoencoderKL</c>'s two halves.</summary>
public static class VaeOutline
{
    private const double Epsilon = 1e-6;

    /// <summary>Describes the encoder, from an image to the moments of a latent.</summary>
    /// <param name="config">The VAE's configuration.</param>
    public static NetworkOutline Encoder(VaeConfig config)
    {
        IReadOnlyList<long> widths = config.BlockOutChannels;
        int levels = widths.Count;
        long moments = 2 * config.LatentChannels;
        ResnetStyle style = Style(config);
        var first = new ConvLayer("encoder.conv_in", config.InChannels, widths[0], 3);
        var blocks = new List<BlockOutline> { new EntryBlock(first.Name, first) };
        for (int level = 0; level < levels; level++)
        {
            string name = $"encoder.down_blocks.{level}";
            AddResnets(blocks, name, config.LayersPerBlock, widths[level], level, style);
            if (level < levels - 1)
                blocks.Add(new DownsamplerBlock($"{name}.downsamplers.0", widths[level], level, Padding: 0));
        }

        AddMid(blocks, "encoder.mid_block", config, levels - 1, style);
        var norm = new GroupNormLayer("encoder.conv_norm_out", widths[^1], style.Groups, style.Epsilon);
        var last = new ConvLayer("encoder.conv_out", widths[^1], moments, 3);
        blocks.Add(new ExitBlock(last.Name, levels - 1, norm, style.Activation,
            config.UseQuantConv ? [last, new ConvLayer("quant_conv", moments, moments, 1)] : [last]));
        return new(blocks);
    }

    /// <summary>Describes the decoder, from a latent to an image.</summary>
    /// <param name="config">The VAE's configuration.</param>
    public static NetworkOutline Decoder(VaeConfig config)
    {
        IReadOnlyList<long> widths = config.BlockOutChannels;
        int levels = widths.Count;
        long latent = config.LatentChannels;
        ResnetStyle style = Style(config);
        var first = new ConvLayer("decoder.conv_in", latent, widths[^1], 3);
        var blocks = new List<BlockOutline>
        {
            new EntryBlock(first.Name, config.UsePostQuantConv ? [new ConvLayer("post_quant_conv", latent, latent, 1), first] : [first]),
        };
        AddMid(blocks, "decoder.mid_block", config, 0, style);
        for (int index = 0; index < levels; index++)
        {
            string name = $"decoder.up_blocks.{index}";
            long width = widths[levels - 1 - index];
            AddResnets(blocks, name, config.LayersPerBlock + 1, width, -index, style);
            if (index < levels - 1)
                blocks.Add(new UpsamplerBlock($"{name}.upsamplers.0", width, -index));
        }

        var norm = new GroupNormLayer("decoder.conv_norm_out", widths[0], style.Groups, style.Epsilon);
        var last = new ConvLayer("decoder.conv_out", widths[0], config.OutChannels, 3);
        blocks.Add(new ExitBlock(last.Name, 1 - levels, norm, style.Activation, last));
        return new(blocks);
    }

    /// <summary>Settings shared by the residual blocks.</summary>
    internal static ResnetStyle Style(VaeConfig config) => new(config.NormGroups, Epsilon, config.Activation);

    private static void AddResnets(List<BlockOutline> blocks, string name, int layers, long width, int scale, ResnetStyle style)
    {
        for (int layer = 0; layer < layers; layer++)
            blocks.Add(new ResnetBlock($"{name}.resnets.{layer}", blocks[^1].OutChannels, width, scale, style));
    }

    private static void AddMid(List<BlockOutline> blocks, string name, VaeConfig config, int scale, ResnetStyle style)
    {
        long width = config.BlockOutChannels[^1];
        blocks.Add(new ResnetBlock($"{name}.resnets.0", width, width, scale, style));
        if (config.MidBlockAttention)
            blocks.Add(new SpatialAttentionBlock($"{name}.attentions.0", width, scale, style.Groups, style.Epsilon));
        blocks.Add(new ResnetBlock($"{name}.resnets.1", width, width, scale, style));
    }
}
