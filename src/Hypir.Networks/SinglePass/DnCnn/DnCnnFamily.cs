using Hypir.Networks.Fast;
using Hypir.Networks.SinglePass.Blocks;
using Hypir.Networks.Weights;
using Hypir.Planning.Cost;
using Hypir.Planning.Outlines;

namespace Hypir.Networks.SinglePass.DnCnn;

/// <summary>
/// DnCNN and FDnCNN (Zhang et al., "Beyond a Gaussian Denoiser", 2017): 3x3 convolutions with ReLU in a row, with batch norms or, as the
/// published files have it, with these merged.
/// </summary>
public sealed class DnCnnFamily : SinglePassFamily<DnCnnOutline>
{
    // IRCNN has the same keys as a DnCNN of seven convolutions, but spreads its kernels: the file does not tell one from the other.
    private const int IrCnnConvolutions = 7;

    /// <inheritdoc/>
    public override string Name => DnCnnOutline.FamilyName;

    /// <inheritdoc/>
    public override bool Matches(WeightShapes weights) =>
        weights.Has("model.0.weight", "model.0.bias", "model.2.weight", "model.2.bias")
        && (weights.Has("model.3.weight", "model.5.weight") || weights.Has("model.4.weight", "model.4.bias"))
        && !weights.Keys.Any(key => key.StartsWith("model.1.", StringComparison.Ordinal));

    /// <inheritdoc/>
    public override string? Rename(WeightShapes weights, string key) =>
        key.EndsWith(".num_batches_tracked", StringComparison.Ordinal) ? null : key;

    /// <inheritdoc/>
    protected override DnCnnOutline Read(WeightShapes weights)
    {
        bool normalized = weights.Has("model.3.weight");
        if (normalized && !weights.Has("model.3.running_mean", "model.3.running_var"))
            throw weights.Wrong("this DnCNN has instance norms, which are not supported");
        int convolutions = weights.Count(index => $"model.{DnCnnOutline.Index(index, normalized)}.weight");
        IReadOnlyList<long> first = weights.Of("model.0.weight", 4);
        IReadOnlyList<long> last = weights.Of($"model.{DnCnnOutline.Index(convolutions - 1, normalized)}.weight", 4);
        (long from, long to) = (first[1], last[0]);
        if (from == to + 1 && to is 4 or 12)
            throw weights.Wrong("this is FFDNet, which is not supported");
        if (!normalized && convolutions == IrCnnConvolutions)
            throw weights.Wrong("this may be IRCNN, which has the names of a DnCNN with seven convolutions and is not supported");
        if (from != to && from != to + 1)
            throw weights.Wrong($"the first convolution takes {from} channels, the last gives {to}");
        return new()
        {
            Scale = 1,
            InChannels = (int)Math.Min(to, int.MaxValue),
            OutChannels = (int)Math.Min(to, int.MaxValue),
            ReadsNoiseMap = from != to,
            Features = first[0],
            Convolutions = convolutions,
            Normalized = normalized,
        };
    }

    /// <inheritdoc/>
    protected override IFastSinglePass Rewrite(DnCnnOutline outline, WeightScope weights) => new FastDnCnn(outline, weights);

    /// <inheritdoc/>
    protected override SinglePassNetwork Build(DnCnnOutline outline, WeightScope weights) => new DnCnnNetwork(outline, weights);
}

/// <summary>The sizes of a <see cref="DnCnnNetwork"/>.</summary>
public sealed record DnCnnOutline : SinglePassOutline
{
    internal const string FamilyName = "DnCNN";

    /// <summary>Added to the variance in the batch norms; the file does not tell it.</summary>
    public const double Epsilon = 1e-4;

    /// <inheritdoc/>
    public override string Family => FamilyName;

    /// <summary>
    /// Whether it is an FDnCNN: it reads the noise level as a channel of its own and gives the clean image, where DnCNN gives the noise.
    /// </summary>
    public required bool ReadsNoiseMap { get; init; }

    /// <summary>Channels between the convolutions.</summary>
    public required long Features { get; init; }

    /// <summary>Number of convolutions.</summary>
    public required int Convolutions { get; init; }

    /// <summary>Whether a batch norm follows each convolution but the first and the last.</summary>
    public required bool Normalized { get; init; }

    /// <inheritdoc/>
    public override string Sizes => $"{Features} features, {Convolutions} convolutions{(Normalized ? " with batch norms" : "")}";

    /// <inheritdoc/>
    public override SinglePassNeeds Needs => new(Reach: Convolutions);

    /// <inheritdoc/>
    public override SinglePassDial? Dial => ReadsNoiseMap ? NoiseMap.Dial(75) : null;

    /// <inheritdoc/>
    public override bool IsProgram => true;

    /// <inheritdoc/>
    public override IReadOnlyList<SinglePassBlock> Blocks =>
    [
        .. Enumerable.Range(0, Convolutions).Select(index => new SinglePassBlock(NameOf(index), MapRatio.Same, [.. Layers(index)])
        {
            Alive = 2 * InChannels + 1 + 3 * Features,
        }),
    ];

    /// <inheritdoc/>
    public override SinglePassFastNeeds? Fast => Narrow(() => 4 * InChannels + 1 + NarrowSizes.Maps(Convolved));

    /// <summary>The name of the batch norm after a convolution.</summary>
    internal string NormOf(int index) => $"model.{Index(index, Normalized) + 1}";

    /// <summary>The name of a convolution.</summary>
    /// <param name="index">From 0.</param>
    internal string NameOf(int index) => $"model.{Index(index, Normalized)}";

    /// <summary>A convolution's place among the layers: a ReLU follows each but the last, after the norm if there is one.</summary>
    internal static int Index(int convolution, bool normalized) =>
        convolution == 0 ? 0 : normalized ? 3 * convolution - 1 : 2 * convolution;

    /// <summary>Channels that a convolution reads and gives.</summary>
    internal (long From, long To) Channels(int index) => (
        index > 0 ? Features : ReadsNoiseMap ? InChannels + 1 : InChannels,
        index == Convolutions - 1 ? OutChannels : Features);

    /// <summary>Whether a batch norm follows a convolution.</summary>
    internal bool HasNorm(int index) => Normalized && index > 0 && index < Convolutions - 1;

    private IEnumerable<LayerOutline> Layers(int index)
    {
        (long from, long to) = Channels(index);
        bool last = index == Convolutions - 1;
        if (index == 0 && ReadsNoiseMap)
            yield return new DialLayer();
        yield return new ConvLayer(NameOf(index), from, to, 3);
        if (HasNorm(index))
            yield return new BatchNormLayer(NormOf(index), to, Epsilon);
        if (!last)
            yield return new ActivationLayer("relu");
        if (!last || ReadsNoiseMap)
            yield break;
        // The result is the noise, which is subtracted from the image.
        yield return new AffineLayer(-1);
        yield return new AddLayer(RecallLayer.Image);
    }
}
