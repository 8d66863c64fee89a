namespace Hypir.Restoration.Pipeline;

/// <summary>How far a restoration is.</summary>
/// <param name="Stage">The stage under way.</param>
/// <param name="Tile">Tiles of this stage that are done.</param>
/// <param name="Tiles">Tiles of this stage.</param>
/// <param name="Fraction">Share of the whole work that is done, 0 … 1, never falling; moves within a tile too.</param>
/// <param name="Remaining">Time left as far as it can be told, or null.</param>
public sealed record RestoreProgress(RestoreStage Stage, int Tile, int Tiles, double Fraction, TimeSpan? Remaining);
