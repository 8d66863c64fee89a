using static TorchSharp.torch;

namespace Hypir.Networks.Checkpoints;

/// <summary>What a checkpoint says of one tensor before any of its data is read.</summary>
/// <param name="Name">The key, as the file has it (or as it was renamed to).</param>
/// <param name="DType">Element type of the stored data.</param>
/// <param name="Shape">Sizes, outermost first; empty for a scalar.</param>
public sealed record TensorInfo(string Name, ScalarType DType, IReadOnlyList<long> Shape);
