

using Hypir.Training.Degradation.Kernels;

namespace Hypir.Training.Degradation.Recipes;

/// <summary>The three kernels of one picture. One that is not named is a pulse, which changes nothing.</summary>
public sealed record KernelSet
{
    /// <summary>Blur of the first stage.</summary>
    public KernelSpec Blur1 { get; init; } = KernelSpec.Pulse;

    /// <summary>Blur of the second stage; unused where the recipe leaves that out.</summary>
    public KernelSpec Blur2 { get; init; } = KernelSpec.Pulse;

    /// <summary>The last filter: a sinc or a pulse.</summary>
    public KernelSpec Sinc { get; init; } = KernelSpec.Pulse;
}
