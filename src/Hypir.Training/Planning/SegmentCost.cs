namespace Hypir.Training.Planning;

/// <summary>What one segment of a network costs in training, counted in numbers and operations.</summary>
/// <param name="Name">The segment in the checkpoint's names.</param>
/// <param name="Operations">Of one forward, 2 for a multiplication with addition, without adapters.</param>
/// <param name="AdapterOperations">Of one forward, what adapters add.</param>
/// <param name="Saved">Numbers that autograd keeps inside the segment for its way back, without input and result.</param>
/// <param name="Result">Numbers of the result, the next segment's input.</param>
/// <param name="Forward">Numbers alive at once inside the segment when nothing is kept, input and result included.</param>
/// <param name="Backward">Numbers of gradients and workspace alive at once on the way back, besides what is saved.</param>
/// <param name="Cast">Numbers of adapters that the segment casts to its own type.</param>
internal sealed record SegmentCost(
    string Name, double Operations, double AdapterOperations, long Saved, long Result, long Forward, long Backward, long Cast);
