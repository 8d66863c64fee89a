using static TorchSharp.torch;

namespace Hypir.Networks.Checkpoints.Pickles;

/// <summary>A tensor as described by a pickle, verified to lie inside its storage.</summary>
/// <param name="Storage">The storage of its elements.</param>
/// <param name="Offset">First element, counted from the start of the storage's data.</param>
/// <param name="Shape">Sizes, outermost first.</param>
/// <param name="Stride">Strides in elements, all at least 0.</param>
internal sealed record TorchTensor(TorchStorage Storage, long Offset, long[] Shape, long[] Stride);

/// <summary>A storage as named by a pickle; its data is elsewhere in the file.</summary>
/// <param name="Key">The name of its data.</param>
/// <param name="Type">Element type.</param>
/// <param name="Count">Elements of the data.</param>
/// <param name="ViewBegin">First element of this storage; nonzero only for storage views in old files.</param>
/// <param name="ViewCount">Number of elements of this storage.</param>
internal sealed record TorchStorage(string Key, ScalarType Type, long Count, long ViewBegin, long ViewCount);
