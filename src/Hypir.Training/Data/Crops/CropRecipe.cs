namespace Hypir.Training.Data.Crops;

/// <summary>A cut-out: the picture is scaled until its shorter side has a length, then a square is taken.</summary>
/// <param name="Size">Side of the square.</param>
/// <param name="ShorterSide">Length of the scaled picture's shorter side, at least <paramref name="Size"/>.</param>
/// <param name="X">First column of the square in the scaled picture.</param>
/// <param name="Y">First row of the square in the scaled picture.</param>
public sealed record CropRecipe(int Size, int ShorterSide, int X, int Y);
