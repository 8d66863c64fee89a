using Hypir.Planning.Cost;
using Hypir.Planning.Outlines;

namespace Hypir.Networks.SinglePass.Esrgan;

/// <summary>The sizes of an <see cref="EsrganNetwork"/>.</summary>
public sealed record EsrganOutline : SinglePassOutline
{
    internal const string FamilyName = "ESRGAN";

    /// <summary>What negative numbers, and what blocks add, are multiplied by.</summary>
    internal const double Slope = 0.2;

    /// <summary>Dense blocks within a residual block.</summary>
    internal const int Dense = 3;

    /// <summary>Convolutions of a dense block.</summary>
    internal const int Convolutions = 5;

    private const string First = "first";
    private const string Before = "before";

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
    public override bool IsProgram => true;

    /// <inheritdoc/>
    public override IReadOnlyList<SinglePassBlock> Blocks
    {
        get
        {
            var low = new MapRatio(1, Unshuffle);
            long first = (long)InChannels * Unshuffle * Unshuffle, kept = Features;
            IEnumerable<LayerOutline> before = Unshuffle > 1 ? [new UnshuffleLayer(Unshuffle)] : [];
            var blocks = new List<SinglePassBlock>
            {
                Block("conv_first", low, first, Features, 2 * (first + Features), before, new KeepLayer(First)),
            };
            for (int block = 0; block < Depth; block++)
            {
                for (int dense = 1; dense <= Dense; dense++)
                {
                    string name = NameOf(block, dense);
                    blocks.Add(new(name, low, [.. DenseLayers(name, dense)])
                    {
                        // Kept for the two residuals, the block's input and its parts, all of them joined and in the order that the CPU
                        // library likes, and the result.
                        Alive = low.Positions * (2 * kept + Features + 3 * (Features + (Convolutions - 1) * Growth) + 2 * Features),
                    });
                }
            }

            blocks.Add(Block("conv_body", low, Features, Features, 5 * Features, [], new AddLayer(First)));
            MapRatio ratio = low;
            for (int index = 1; index <= Doublings; index++)
            {
                ratio = ratio with { Up = 2 * ratio.Up };
                blocks.Add(Block($"conv_up{index}", ratio, Features, Features, 4 * Features, [new RepeatLayer(2)], Rectifier));
            }

            blocks.Add(Block("conv_hr", ratio, Features, Features, 4 * Features, [], Rectifier));
            blocks.Add(Block("conv_last", ratio, Features, OutChannels, 2 * (Features + OutChannels), []));
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

    private static LeakyReluLayer Rectifier => new(Slope);

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

    private static SinglePassBlock Block(
        string name, MapRatio ratio, long from, long to, double alive, IEnumerable<LayerOutline> before,
        params IEnumerable<LayerOutline> after) =>
        new(name, ratio, [.. before, new ConvLayer(name, from, to, 3), .. after]) { Alive = ratio.Positions * alive };

    /// <summary>
    /// A dense block: each convolution reads the block's input and the results of all before it. Its result, and that of the residual block
    /// whose last dense block it is, are made smaller before what they began with is added.
    /// </summary>
    private IEnumerable<LayerOutline> DenseLayers(string name, int dense)
    {
        if (dense == 1)
            yield return new KeepLayer(Before);
        string[] parts = [.. Enumerable.Range(0, Convolutions).Select(index => $"part {index}")];
        yield return new KeepLayer(parts[0]);
        for (int index = 1; index <= Convolutions; index++)
        {
            if (index > 1)
                yield return new JoinLayer(parts[..index]);
            bool last = index == Convolutions;
            yield return new ConvLayer($"{name}.conv{index}", Features + (index - 1) * Growth, last ? Features : Growth, 3);
            if (last)
                break;
            yield return Rectifier;
            yield return new KeepLayer(parts[index]);
        }

        yield return new AffineLayer(Slope);
        yield return new AddLayer(parts[0]);
        if (dense == Dense)
        {
            yield return new AffineLayer(Slope);
            yield return new AddLayer(Before);
        }
    }
}
