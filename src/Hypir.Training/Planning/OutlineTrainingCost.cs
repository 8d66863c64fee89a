using Hypir.Networks.Lora;
using Hypir.Planning.Outlines;

namespace Hypir.Training.Planning;

/// <summary>Counts the cost of training a network from its outline: what each operation computes and saves for the backward pass.</summary>
internal static class OutlineTrainingCost
{
    /// <summary>One forward on a batch.</summary>
    /// <param name="network">The network.</param>
    /// <param name="input">Size of its input.</param>
    /// <param name="tokens">Length of the text embedding, if it uses one.</param>
    /// <param name="rank">Rank of its adapters; 0 for none.</param>
    /// <param name="wayBack">Whether gradients pass through the network; none pass through an encoder.</param>
    public static SegmentCounter Of(NetworkOutline network, MapSize input, long tokens = 0, long rank = 0, bool wayBack = true)
    {
        var cost = new SegmentCounter(rank);
        foreach ((BlockOutline block, MapSize from, MapSize to) in network.Over(input))
        {
            if (block is ResnetBlock { Skip: not null })
            {
                long joined = block.InChannels * from.Positions;
                cost.End($"{block.Name} (skip)", joined, 2 * joined, joined);
            }

            foreach (LayerOutline layer in block.Layers)
                Count(cost, layer, to, tokens);
            End(cost, block, from, to, tokens, wayBack);
        }

        return cost;
    }

    private static void Count(SegmentCounter cost, LayerOutline layer, MapSize map, long tokens)
    {
        switch (layer)
        {
            case ConvLayer conv:
                cost.Conv(conv.InChannels, conv.OutChannels, conv.Kernel, map, LoraShapes.IsTarget(conv.Name));
                break;
            case LinearLayer linear:
                long length = map.Length(linear.Sequence, tokens);
                cost.Linear(linear.InWidth, linear.OutWidth, length, linear.Bias, LoraShapes.IsTarget(linear.Name));
                break;
            case GroupNormLayer norm:
                cost.Vectors(norm.Channels);
                break;
            case LayerNormLayer norm:
                cost.Vectors(norm.Channels);
                break;
            case AttentionLayer attention:
                cost.Attention(map, attention.Keys == SequenceKind.Tokens ? tokens : map.Each, attention.Width);
                break;
        }
    }

    /// <summary>Ends a block's segment with the memory that autograd keeps and the peak inside the block.</summary>
    private static void End(SegmentCounter cost, BlockOutline block, MapSize from, MapSize to, long tokens, bool wayBack)
    {
        long positions = to.Positions, width = block.OutChannels, result = width * positions;
        switch (block)
        {
            case TimeBlock:
                cost.End(block.Name, width * to.Batch, 3 * width * to.Batch, 3 * width * to.Batch);
                break;
            case EntryBlock:
                cost.End(block.Name, result, 2 * result, wayBack ? result : 0);
                break;
            case ResnetBlock:
                // Both activations keep their input, both convolutions theirs, the second norm its own; the first norm's is the
                // segment's input.
                cost.Save((2 * block.InChannels + 3 * width) * positions);
                long alive = Math.Max(3 * block.InChannels + 2 * width, block.InChannels + 4 * width) * positions;
                cost.End(block.Name, result, alive, 4 * Math.Max(block.InChannels, width) * positions);
                break;
            case DownsamplerBlock or UpsamplerBlock:
                // An upsampler's convolution keeps the enlarged map; a downsampler's its padded input, at most.
                long kept = width * Math.Max(from.Positions, to.Positions);
                cost.Save(kept);
                cost.End(block.Name, result, kept + 2 * result + width * from.Positions, 2 * kept + 2 * result);
                break;
            case SpatialAttentionBlock:
                // The norm's result (kept as the maps' input), queries, keys, values, the mixture and its copy.
                cost.Save(6 * result);
                cost.End(block.Name, result, 6 * result, 6 * result);
                break;
            case TransformerBlock transformer:
                SaveTransformer(cost, transformer, to, tokens);
                cost.End(block.Name, result, (2 + 8 + 4 + 4) * result, (8 + 4 + 4) * result);
                break;
            case ExitBlock:
                long read = block.InChannels * positions;
                cost.Save(wayBack ? 2 * read : 0);
                cost.End(block.Name, result, 3 * read, wayBack ? 3 * read : 0);
                break;
            default:
                throw new ArgumentException($"{block.Name} is of a kind whose memory is unknown.", nameof(block));
        }
    }

    private static void SaveTransformer(SegmentCounter cost, TransformerBlock block, MapSize map, long tokens)
    {
        long sequence = block.Channels * map.Positions, text = block.Channels * map.Batch * tokens;
        // The norm's result and the sequence on entering, the sequence and the map on leaving.
        cost.Save(4 * sequence);
        // Input and result of each attention's norm, queries, the mixture and its copy; keys and values of the positions, then of the
        // tokens.
        cost.Save(block.Depth * (5 * sequence + 2 * sequence + 5 * sequence + 2 * text));
        // Input and result of the norm, both halves before the gate, the gate's activation, the product.
        cost.Save(block.Depth * (2 + 8 + 4 + 4) * sequence);
    }
}
