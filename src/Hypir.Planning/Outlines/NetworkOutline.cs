namespace Hypir.Planning.Outlines;

/// <summary>
/// A network as a list of blocks, made from its configuration alone: no weights, no torch. Counting operations, planning memory and
/// building another form of the network all use this list, so that the order and sizes of blocks are written down once.
/// </summary>
/// <param name="Blocks">
/// The blocks, in execution order. Each reads the result of the one before; the timestep's path is separate.
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
            // An upsampler restores the size from the way down at this scale, odd or even; a decoder, which has no way down, doubles.
            if (block is DownsamplerBlock down)
                sizes[block.ResultScale] = down.Halve(from);
            else
                sizes.TryAdd(block.ResultScale, from.Doubled);
            yield return new(block, from, sizes[block.ResultScale]);
        }
    }
}

/// <summary>A block with known map sizes.</summary>
/// <param name="Block">The block.</param>
/// <param name="From">Size of its input.</param>
/// <param name="To">Size of its result.</param>
public readonly record struct PlacedBlock(BlockOutline Block, MapSize From, MapSize To);
