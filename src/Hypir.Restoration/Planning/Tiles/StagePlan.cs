using Hypir.Restoration.Planning.Cost;

namespace Hypir.Restoration.Planning.Tiles;

/// <summary>One stage of a plan: the tiles that a network is evaluated on.</summary>
/// <param name="Tiles">The tiles, in pixels (encoding) or positions of the latent (restoring, decoding); none where the model does not run.</param>
/// <param name="Scale">From the tiles' scale to the result's.</param>
/// <param name="Cost">What one tile costs.</param>
/// <param name="TilesPerBatch">Tiles that are computed at once.</param>
public sealed record StagePlan(TileGrid Tiles, TileScale Scale, NetworkCost Cost, int TilesPerBatch = 1)
{
    /// <summary>Floating-point operations of the stage.</summary>
    public double Operations => Tiles.Count * Cost.Operations;
}
