using Hypir.Networks.Fast;
using Hypir.Networks.Weights;
using Hypir.Planning.Outlines;

namespace Hypir.Networks.SinglePass.Esrgan;

/// <summary>
/// ESRGAN and Real-ESRGAN (RRDBNet; Wang et al., "ESRGAN", 2018, and "Real-ESRGAN", 2021): dense blocks within residuals, then enlarged by
/// repeating pixels and convolutions. Known in three layouts of names: BasicSR's, which is used here, the author's, and the old one of the
/// first release.
/// </summary>
public sealed class EsrganFamily : SinglePassFamily<EsrganOutline>
{
    /// <inheritdoc/>
    public override string Name => EsrganOutline.FamilyName;

    /// <inheritdoc/>
    public override bool Matches(WeightShapes weights) =>
        weights.Has("conv_first.weight", "body.0.rdb1.conv1.weight", "conv_last.weight")
        || weights.Has("conv_first.weight", "RRDB_trunk.0.RDB1.conv1.weight", "conv_last.weight")
        || EsrganNames.IsOld(weights);

    /// <inheritdoc/>
    public override string? Rename(WeightShapes weights, string key) =>
        EsrganNames.IsOld(weights) ? EsrganNames.OfOld(weights, key) : EsrganNames.OfAuthor(key);

    /// <inheritdoc/>
    protected override EsrganOutline Read(WeightShapes weights)
    {
        if (weights.Keys.Any(key => key.Contains(".conv1x1.", StringComparison.Ordinal)))
            throw weights.Wrong("this is ESRGAN+ (1x1 convolutions within the dense blocks), which is not supported");
        IReadOnlyList<long> first = weights.Of("conv_first.weight", 4), dense = weights.Of("body.0.rdb1.conv1.weight", 4);
        long channels = weights.Of("conv_last.weight", 4)[0];
        int unshuffle = first[1] == channels ? 1
            : first[1] == 4 * channels ? 2
            : first[1] == 16 * channels ? 4
            : throw weights.Wrong($"conv_first takes {first[1]} channels and conv_last gives {channels}: not as many, nor 4 or 16 times");
        int doublings = weights.Count(index => $"conv_up{index + 1}.weight");
        if (doublings > 6 || (1 << doublings) % unshuffle != 0)
        {
            throw weights.Wrong(
                $"the network enlarges {doublings} times by 2 what it first reduces by {unshuffle}: "
                    + $"no whole scale up to {SinglePassOutline.MaxScale}");
        }

        return new()
        {
            Scale = (1 << doublings) / unshuffle,
            InChannels = (int)Math.Min(channels, int.MaxValue),
            OutChannels = (int)Math.Min(channels, int.MaxValue),
            Features = first[0],
            Growth = dense[0],
            Depth = weights.Count(index => $"body.{index}.rdb1.conv1.weight"),
            Unshuffle = unshuffle,
            Doublings = doublings,
        };
    }

    /// <inheritdoc/>
    protected override IFastSinglePass Rewrite(EsrganOutline outline, WeightScope weights) => new FastEsrgan(outline, weights);

    /// <inheritdoc/>
    protected override SinglePassNetwork Build(EsrganOutline outline, WeightScope weights) => new EsrganNetwork(outline, weights);
}
