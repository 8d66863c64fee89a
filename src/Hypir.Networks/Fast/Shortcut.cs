using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>A 1x1 convolution that a residual block adds to its result, as part of the block's last convolution.</summary>
/// <param name="Map">What it is applied to.</param>
/// <param name="Matrix">(C, K), contiguous. Its bias is part of the convolution's.</param>
internal sealed record Shortcut(FastMap Map, Tensor Matrix);
