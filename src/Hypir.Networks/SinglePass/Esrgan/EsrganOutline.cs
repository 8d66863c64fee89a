using Hypir.Planning.Cost;
using Hypir.Planning.Outlines;

namespace Hypir.Networks.SinglePass.Esrgan;

/// <summary>The sizes of an <see cref="EsrganNetwork"/>.</summary>
public sealed record EsrganOutline : SinglePassOutline
{
    internal const string FamilyName = "ESRGAN";

    /// <summary>Dense blocks within a residual block.</summary>
    internal const int Dense = 3;

    /// <summary>Convolutions of a dense block.</summary>
    internal const int Convolutions = 5;

    /// <inheritdoc/>
    public override string Family => FamilyName;

    /// <summary>Channels between the blocks.</summary>
    public required long Features { get; init; }

    /// <summary>Channels that each convolution adds within a dense block.</summary>
    public required long Growth { get; init; }

    /// <summary>Residual blocks.</summary>
    public required int Depth { get; init; }

    /// <summary>By how much the image is first reduced, its pixels becoming channels: 1, 2 or 4.</summary>
    public required int Unshuffle { get; init; }

    /// <summary>How often the map is doubled after the blocks.</summary>
    public required int Doublings { get; init; }

    /// <inheritdoc/>
    public override string Sizes => $"{Features} features, {Depth} blocks";

    /// <inheritdoc/>
    public override SinglePassNeeds Needs => new(Reach: Unshuffle * (Depth * Dense * Convolutions + 3) + 1)
    {
        Minimum = Unshuffle == 1 ? 2 : 4,
        // As Real-ESRGAN's own programs and others pad for both factors.
        Multiple = Unshuffle == 1 ? 1 : 4,
    };

    /// <inheritdoc/>
    public override IReadOnlyList<SinglePassBlock> Blocks
    {
        get
        {
            var low = new MapRatio(1, Unshuffle);
            long first = (long)InChannels * Unshuffle * Unshuffle, kept = Features;
            var blocks = new List<SinglePassBlock> { Block("conv_first", low, first, Features, 2 * (first + Features)) };
            for (int block = 0; block < Depth; block++)
            {
                for (int dense = 1; dense <= Dense; dense++)
                {
                    string name = NameOf(block, dense);
                    blocks.Add(new(name, low, [.. Enumerable.Range(1, Convolutions).Select(index => new ConvLayer(
                        $"{name}.conv{index}", Features + (index - 1) * Growth, index < Convolutions ? Growth : Features, 3))])
                    {
                        // Kept for the two residuals, the block's input and its parts, all of them joined and in the order that the CPU
                        // library likes, and the result.
                        Alive = low.Positions * (2 * kept + Features + 3 * (Features + (Convolutions - 1) * Growth) + 2 * Features),
                    });
                }
            }

            blocks.Add(Block("conv_body", low, Features, Features, 5 * Features));
            MapRatio ratio = low;
            for (int index = 1; index <= Doublings; index++)
            {
                ratio = ratio with { Up = 2 * ratio.Up };
                blocks.Add(Block($"conv_up{index}", ratio, Features, Features, 4 * Features));
            }

            blocks.Add(Block("conv_hr", ratio, Features, Features, 4 * Features));
            blocks.Add(Block("conv_last", ratio, Features, OutChannels, 2 * (Features + OutChannels)));
            return blocks;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Dense blocks are written in place, so that their parts must be whole vectors.</remarks>
    public override SinglePassFastNeeds? Fast => Features % NarrowSizes.Lanes == 0 && Growth % NarrowSizes.Lanes == 0
        ? Narrow(FastAlive)
        : null;

    /// <summary>The name of a dense block.</summary>
    internal static string NameOf(int block, int dense) => $"body.{block}.rdb{dense}";

    private double FastAlive()
    {
        double positions = new MapRatio(1, Unshuffle).Positions;
        long read = (long)InChannels * Unshuffle * Unshuffle;
        // The image and its map; what the blocks begin with, their sum, and two dense maps; the enlarged maps; the last one and the result.
        double alive = InChannels + positions
            * (read + NarrowSizes.Padded(read) + 2 * Features + 2 * (Features + (Convolutions - 1) * Growth));
        for (int index = 1; index <= Doublings; index++)
            alive += (positions *= 4) * Features;
        return alive + positions * (Features + NarrowSizes.Padded(OutChannels) + OutChannels);
    }

    private static SinglePassBlock Block(string name, MapRatio ratio, long from, long to, double alive) =>
        new(name, ratio, new ConvLayer(name, from, to, 3)) { Alive = ratio.Positions * alive };
}
