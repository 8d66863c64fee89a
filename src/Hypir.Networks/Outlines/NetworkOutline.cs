namespace Hypir.Networks.Outlines;

/// <summary>
/// A network as a list of blocks, made from its configuration alone: no weights, no torch. What counts operations, plans memory or builds
/// another form of the network reads this list, so that the order of blocks and their sizes are written down once.
/// </summary>
/// <param name="Blocks">
/// The blocks, in the order of execution. Each reads the result of the one before; the timestep's path stands apart.
/// </param>
public sealed record NetworkOutline(IReadOnlyList<BlockOutline> Blocks)
{
    /// <summary>Every tensor that the network reads.</summary>
    public IEnumerable<WeightOutline> Weights => Blocks.SelectMany(block => block.Layers).SelectMany(layer => layer.Weights);

    /// <summary>The blocks with the sizes of their maps.</summary>
    /// <param name="input">Size of the network's input.</param>
    public IEnumerable<PlacedBlock> Over(MapSize input)
    {
        var sizes = new Dictionary<int, MapSize> { [0] = input };
        foreach (BlockOutline block in Blocks)
        {
            MapSize from = sizes[block.Scale];
            // An upsampler returns to the size that the way down had at this scale, odd or even; a decoder, which has none, doubles.
            if (block is DownsamplerBlock down)
                sizes[block.ResultScale] = down.Halve(from);
            else
                sizes.TryAdd(block.ResultScale, from.Doubled);
            yield return new(block, from, sizes[block.ResultScale]);
        }
    }
}

/// <summary>A block on maps of a known size.</summary>
/// <param name="Block">The block.</param>
/// <param name="From">Size of its input.</param>
/// <param name="To">Size of its result.</param>
public readonly record struct PlacedBlock(BlockOutline Block, MapSize From, MapSize To);
