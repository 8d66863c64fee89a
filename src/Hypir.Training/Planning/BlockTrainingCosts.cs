using Hypir.Networks.UNet;

namespace Hypir.Training.Planning;

/// <summary>Blocks that UNet and VAE share: what each operation of theirs saves for its way back, in the order of the networks' code.</summary>
internal static class BlockTrainingCosts
{
    /// <summary>Norm, activation, 3x3 convolution, twice, around a shortcut.</summary>
    public static void Resnet(SegmentCounter cost, string name, long inChannels, long outChannels, long? timeWidth, MapSize map, bool adapted)
    {
        long positions = map.Positions;
        cost.Vectors(inChannels);
        // Both activations keep their input, both convolutions theirs, the second norm its own; the first norm's is the segment's input.
        cost.Save((2 * inChannels + 3 * outChannels) * positions);
        cost.Conv(inChannels, outChannels, 3, map, adapted);
        if (timeWidth is long width)
            cost.Linear(width, outChannels, map.Batch);
        cost.Vectors(outChannels);
        cost.Conv(outChannels, outChannels, 3, map, adapted);
        if (inChannels != outChannels)
            cost.Conv(inChannels, outChannels, 1, map, adapted);
        long widest = Math.Max(inChannels, outChannels);
        cost.End(name, outChannels * positions, Math.Max(3 * inChannels + 2 * outChannels, inChannels + 4 * outChannels) * positions, 4 * widest * positions);
    }

    /// <summary>A 3x3 convolution between levels, from one size to another.</summary>
    public static void Sampler(SegmentCounter cost, string name, long channels, MapSize from, MapSize to, bool adapted)
    {
        bool up = to.Positions > from.Positions;
        cost.Conv(channels, channels, 3, to, adapted);
        // An upsampler's convolution keeps the enlarged map; a downsampler's its padded input, at most.
        long kept = channels * (up ? to.Positions : from.Positions);
        cost.Save(kept);
        cost.End(name, channels * to.Positions, kept + 2 * channels * to.Positions + channels * from.Positions, 2 * kept + 2 * channels * to.Positions);
    }

    /// <summary>The VAE's attention over positions.</summary>
    public static void SpatialAttention(SegmentCounter cost, string name, long channels, MapSize map)
    {
        cost.Vectors(channels);
        for (int linear = 0; linear < 4; linear++)
            cost.Linear(channels, channels, map.Positions);
        cost.Attention(map, map.Each, channels);
        // The norm's result (kept as the maps' input), queries, keys, values, the mixture and its copy.
        cost.Save(6 * channels * map.Positions);
        cost.End(name, channels * map.Positions, 6 * channels * map.Positions, 6 * channels * map.Positions);
    }

    /// <summary>A UNet's transformers: self-attention, cross-attention, gated feed-forward, four times as wide inside.</summary>
    public static void Transformer(SegmentCounter cost, string name, UNetConfig config, int level, long tokens, MapSize map)
    {
        long width = config.BlockOutChannels[level], positions = map.Positions;
        cost.Vectors(width);
        cost.Save(2 * width * positions);
        cost.Linear(width, width, positions, adapted: true);
        for (int layer = 0; layer < config.TransformerLayers[level]; layer++)
        {
            Attention(cost, width, width, positions, map, map.Each);
            Attention(cost, width, config.CrossAttentionDim, map.Batch * tokens, map, tokens);
            cost.Vectors(width);
            // Input and result of the norm, both halves before the gate, the gate's activation, the product.
            cost.Save((2 + 8 + 4 + 4) * width * positions);
            cost.Linear(width, 8 * width, positions, adapted: true);
            cost.Linear(4 * width, width, positions, adapted: true);
        }

        cost.Save(2 * width * positions);
        cost.Linear(width, width, positions, adapted: true);
        cost.End(name, width * positions, (2 + 8 + 4 + 4) * width * positions, (8 + 4 + 4) * width * positions);
    }

    private static void Attention(SegmentCounter cost, long width, long contextWidth, long contextPositions, MapSize map, long keys)
    {
        long positions = map.Positions;
        cost.Vectors(width);
        cost.Linear(width, width, positions, bias: false, adapted: true);
        cost.Linear(contextWidth, width, contextPositions, bias: false, adapted: true);
        cost.Linear(contextWidth, width, contextPositions, bias: false, adapted: true);
        cost.Attention(map, keys, width);
        cost.Linear(width, width, positions, adapted: true);
        // Input and result of the norm, queries, the mixture and its copy; keys and values.
        cost.Save(5 * width * positions + 2 * width * contextPositions);
    }
}
