namespace Hypir.Restoration.Planning.Cost;

/// <summary>What one part of a network costs.</summary>
/// <param name="Name">The block's name in the checkpoint ("down_blocks.0.resnets.0").</param>
/// <param name="Operations">Floating-point operations.</param>
public sealed record PartCost(string Name, double Operations);
