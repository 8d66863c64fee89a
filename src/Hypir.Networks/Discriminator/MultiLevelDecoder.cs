using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Discriminator;

/// <summary>
/// The trained part of the discriminator: one head on each feature map and one on the image embedding (Kumari et al., 2022, "Ensembling Off-the-shelf
/// Models for GAN Training"). Names as in the reference's release: <c>decoder.N.*</c>, <c>out.*</c>. Its mode (train, eval) decides whether spectral
/// normalisation iterates.
/// </summary>
public sealed class MultiLevelDecoder : NetworkModule
{
    private const double Slope = 0.2;
    private readonly DecoderLevel[] _levels;
    private readonly SpectralLinear _embedding;
    private readonly SpectralLinear _out;

    /// <summary>Builds the network from its configuration and weights.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="weights">Root of the weights, the place above <c>decoder</c> and <c>out</c>.</param>
    public MultiLevelDecoder(DecoderConfig config, WeightScope weights)
        : base(nameof(MultiLevelDecoder))
    {
        ModuleGroup tree = this.Child("decoder", new ModuleGroup("decoder"));
        int maps = config.MapChannels.Count;
        _levels = [.. config.MapChannels.Select((channels, i) =>
            tree.Child($"{i}", new DecoderLevel(weights[$"decoder.{i}"], channels, config.Channels)))];
        ModuleGroup last = tree.Child($"{maps}", new ModuleGroup("last"));
        _embedding = last.Child("0", new SpectralLinear(weights[$"decoder.{maps}.0"], config.EmbedDim, config.Channels));
        _out = this.Child("out", new SpectralLinear(weights["out"], config.Channels, 1));
    }

    /// <summary>The logits of each level.</summary>
    /// <param name="features">The feature maps, (B, C, H, W) each, and last the embedding, (B, width).</param>
    /// <returns>(B, h, w) for each map and (B, 1) for the embedding, owned by the caller.</returns>
    public IReadOnlyList<Tensor> Forward(IReadOnlyList<Tensor> features)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(features.Count, _levels.Length + 1);
        List<Tensor> logits = [.. _levels.Select((level, i) => level.call(features[i]))];
        logits.Add(_embedding.call(features[^1]).Then(Activate).Then(_out.call));
        return logits;
    }

    internal static Tensor Activate(Tensor x) => x.LeakyRelu(Slope);
}
