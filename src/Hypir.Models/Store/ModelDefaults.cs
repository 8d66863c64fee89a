namespace Hypir.Models.Store;

/// <summary>What a model is used with where the person who uses it says nothing.</summary>
/// <param name="ModelT">Timestep that the UNet is told, 0 … 999.</param>
/// <param name="CoeffT">Timestep of the one-step formula, 0 … 999.</param>
/// <param name="Tile">Side of the tiles, in pixels.</param>
/// <param name="Stride">Distance between tiles, in pixels.</param>
public sealed record ModelDefaults(int? ModelT = null, int? CoeffT = null, int? Tile = null, int? Stride = null);
