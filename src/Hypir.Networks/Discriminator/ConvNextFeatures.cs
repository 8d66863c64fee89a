using static TorchSharp.torch;

namespace Hypir.Networks.Discriminator;

/// <summary>What a <see cref="ConvNextTower"/> sees in pictures.</summary>
/// <param name="Stages">The map after each stage, (B, dim, h, w), h and w a 4th, 8th, 16th, 32nd … of the picture's.</param>
/// <param name="Embedding">The image embedding: the last map pooled, normalised and projected, (B, embedding width).</param>
public sealed record ConvNextFeatures(IReadOnlyList<Tensor> Stages, Tensor Embedding);
