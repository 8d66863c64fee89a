using Hypir.Planning.Configs;

namespace Hypir.Planning.Outlines;

/// <summary>The outline of a <c>UNet2DConditionModel</c>.</summary>
public static class UNetOutline
{
    /// <summary>Describes a UNet.</summary>
    /// <param name="config">Its configuration.</param>
    public static NetworkOutline Of(UNetConfig config)
    {
        IReadOnlyList<long> widths = config.BlockOutChannels;
        var blocks = new List<BlockOutline>
        {
            new TimeBlock(new SinusoidLayer(widths[0], config.FlipSinToCos, config.FreqShift), TimeWidth(config), config.Activation),
            new EntryBlock("conv_in", new ConvLayer("conv_in", config.InChannels, widths[0], config.ConvInKernel))
            {
                Centers = config.CenterInput,
                IsSkip = true,
            },
        };
        for (int level = 0; level < widths.Count; level++)
            AddDown(blocks, config, level);
        IEnumerable<BlockOutline> kept = blocks.Where(block => block.IsSkip);
        var skips = new Stack<SkipOutline>(kept.Select(block => new SkipOutline(block.Name, block.OutChannels)));
        AddMid(blocks, config);
        for (int index = 0; index < widths.Count; index++)
            AddUp(blocks, config, index, skips);
        var norm = new GroupNormLayer("conv_norm_out", widths[0], config.NormGroups, config.NormEpsilon);
        var last = new ConvLayer("conv_out", widths[0], config.OutChannels, config.ConvOutKernel);
        blocks.Add(new ExitBlock(last.Name, 0, norm, config.Activation, last));
        return new(blocks);
    }

    /// <summary>Width of the time embedding.</summary>
    internal static long TimeWidth(UNetConfig config) => 4 * config.BlockOutChannels[0];

    /// <summary>Settings shared by the residual blocks.</summary>
    internal static ResnetStyle Style(UNetConfig config, double outputScale) =>
        new(config.NormGroups, config.NormEpsilon, config.Activation, TimeWidth(config), outputScale);

    private static void AddDown(List<BlockOutline> blocks, UNetConfig config, int level)
    {
        string name = $"down_blocks.{level}";
        long width = config.BlockOutChannels[level];
        bool attention = config.DownAttention[level];
        ResnetStyle style = Style(config, config.ResnetOutScale);
        for (int layer = 0; layer < config.LayersPerBlock[level]; layer++)
        {
            blocks.Add(new ResnetBlock($"{name}.resnets.{layer}", blocks[^1].OutChannels, width, level, style) { IsSkip = !attention });
            if (attention)
                blocks.Add(Transformer($"{name}.attentions.{layer}", config, level) with { IsSkip = true });
        }

        if (level < config.BlockOutChannels.Count - 1)
            blocks.Add(new DownsamplerBlock($"{name}.downsamplers.0", width, level, config.DownsamplePadding) { IsSkip = true });
    }

    private static void AddMid(List<BlockOutline> blocks, UNetConfig config)
    {
        int level = config.BlockOutChannels.Count - 1;
        long width = config.BlockOutChannels[level];
        ResnetStyle style = Style(config, config.MidBlockScale);
        if (config.MidBlock == UNetMidBlockKind.None)
            return;
        blocks.Add(new ResnetBlock("mid_block.resnets.0", width, width, level, style));
        if (config.MidBlock == UNetMidBlockKind.Plain)
            return;
        blocks.Add(Transformer("mid_block.attentions.0", config, level));
        blocks.Add(new ResnetBlock("mid_block.resnets.1", width, width, level, style));
    }

    private static void AddUp(List<BlockOutline> blocks, UNetConfig config, int index, Stack<SkipOutline> skips)
    {
        string name = $"up_blocks.{index}";
        int level = config.BlockOutChannels.Count - 1 - index;
        long width = config.BlockOutChannels[level];
        ResnetStyle style = Style(config, config.ResnetOutScale);
        for (int layer = 0; layer <= config.LayersPerBlock[level]; layer++)
        {
            SkipOutline skip = skips.Pop();
            long joined = blocks[^1].OutChannels + skip.Channels;
            blocks.Add(new ResnetBlock($"{name}.resnets.{layer}", joined, width, level, style) { Skip = skip });
            if (config.UpAttention[index])
                blocks.Add(Transformer($"{name}.attentions.{layer}", config, level));
        }

        if (level > 0)
            blocks.Add(new UpsamplerBlock($"{name}.upsamplers.0", width, level));
    }

    private static TransformerBlock Transformer(string name, UNetConfig config, int level) =>
        new(name, config.BlockOutChannels[level], level)
        {
            Depth = config.TransformerLayers[level],
            Heads = config.Heads[level],
            ContextWidth = config.CrossAttentionDim,
            Groups = config.NormGroups,
            Linear = config.UseLinearProjection,
            Upcast = config.UpcastAttention,
        };
}
