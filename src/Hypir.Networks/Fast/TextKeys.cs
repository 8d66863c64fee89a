using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>What one cross-attention makes of a text.</summary>
/// <param name="Keys">(1, tokens, width).</param>
/// <param name="Values">(1, tokens, width).</param>
internal sealed record TextKeys(Tensor Keys, Tensor Values);
