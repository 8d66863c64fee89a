using static TorchSharp.torch;

namespace Hypir.Networks.Checkpoints.Pickles;

/// <summary>A storage as a pickle names it; its data lies elsewhere in the file.</summary>
/// <param name="Key">Name of the data.</param>
/// <param name="Type">Element type.</param>
/// <param name="Count">Elements of the data.</param>
/// <param name="ViewBegin">First element that belongs to this storage; not 0 only for storage views of old files.</param>
/// <param name="ViewCount">Elements that belong to it.</param>
internal sealed record TorchStorage(string Key, ScalarType Type, long Count, long ViewBegin, long ViewCount);
