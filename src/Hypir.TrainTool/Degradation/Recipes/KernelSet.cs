using Hypir.TrainTool.Degradation.Kernels;

namespace Hypir.TrainTool.Degradation.Recipes;

/// <summary>The three kernels of one picture.</summary>
/// <param name="Blur1">Blur of the first stage.</param>
/// <param name="Blur2">Blur of the second stage; unused where the recipe leaves that out.</param>
/// <param name="Sinc">The last filter, a sinc or a pulse.</param>
public sealed record KernelSet(KernelSpec Blur1, KernelSpec Blur2, KernelSpec Sinc);
