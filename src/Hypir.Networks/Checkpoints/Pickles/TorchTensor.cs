using static TorchSharp.torch;

namespace Hypir.Networks.Checkpoints.Pickles;

/// <summary>A tensor as a pickle describes it, checked to lie inside its storage.</summary>
/// <param name="Storage">Where its elements are.</param>
/// <param name="Offset">First element, counted from the begin of the storage's data.</param>
/// <param name="Shape">Sizes, outermost first.</param>
/// <param name="Stride">Steps in elements, all of them at least 0.</param>
internal sealed record TorchTensor(TorchStorage Storage, long Offset, long[] Shape, long[] Stride);

/// <summary>A storage as a pickle names it; its data lies elsewhere in the file.</summary>
/// <param name="Key">Name of the data.</param>
/// <param name="Type">Element type.</param>
/// <param name="Count">Elements of the data.</param>
/// <param name="ViewBegin">First element that belongs to this storage; not 0 only for storage views of old files.</param>
/// <param name="ViewCount">Elements that belong to it.</param>
internal sealed record TorchStorage(string Key, ScalarType Type, long Count, long ViewBegin, long ViewCount);
