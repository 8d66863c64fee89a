namespace Hypir.Networks.Checkpoints.Pickles;

/// <summary>A tensor as a pickle describes it, checked to lie inside its storage.</summary>
/// <param name="Storage">Where its elements are.</param>
/// <param name="Offset">First element, counted from the begin of the storage's data.</param>
/// <param name="Shape">Sizes, outermost first.</param>
/// <param name="Stride">Steps in elements, all of them at least 0.</param>
internal sealed record TorchTensor(TorchStorage Storage, long Offset, long[] Shape, long[] Stride);
