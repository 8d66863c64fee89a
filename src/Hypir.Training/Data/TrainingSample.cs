

using Hypir.Training.Degradation.Recipes;

namespace Hypir.Training.Data;

/// <summary>A clean picture, ready to be degraded with others.</summary>
/// <param name="Recipe">How it was made.</param>
/// <param name="Kernels">Its kernels.</param>
/// <param name="Pixels">Planes R, G, B of <paramref name="Height"/> x <paramref name="Width"/> bytes.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Skipped">Pictures that could not be read and gave their turn to this one, with the reason.</param>
public sealed record TrainingSample(SampleRecipe Recipe, KernelSet Kernels, byte[] Pixels, int Height, int Width, IReadOnlyList<string> Skipped);
