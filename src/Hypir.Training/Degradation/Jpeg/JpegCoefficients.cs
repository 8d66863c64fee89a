using static TorchSharp.torch;

namespace Hypir.Training.Degradation.Jpeg;

/// <summary>What a JPEG file would hold: quantised cosine coefficients in units of their divisors, blocks in row order, (B, blocks, 64) each.</summary>
/// <param name="Y">Luminance.</param>
/// <param name="Cb">Blue difference, at half the size in both directions.</param>
/// <param name="Cr">Red difference, likewise.</param>
public sealed record JpegCoefficients(Tensor Y, Tensor Cb, Tensor Cr);
