using static TorchSharp.torch;

namespace Hypir.Networks.Checkpoints.Pickles;

/// <summary>A name that a pickle may mention.</summary>
/// <param name="Kind">What it stands for.</param>
/// <param name="Type">Element type of a storage class.</param>
internal sealed record PickleGlobal(PickleGlobalKind Kind, ScalarType? Type = null);
