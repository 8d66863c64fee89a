namespace Hypir.Networks.Layers;

/// <summary>What all residual blocks of a network share.</summary>
/// <param name="Groups">Groups of the normalisations.</param>
/// <param name="Epsilon">Added to the variance in the normalisations.</param>
/// <param name="Activation">Name of the activation function.</param>
/// <param name="TimeWidth">Width of the time embedding, or null for a network without time.</param>
/// <param name="OutputScale">The sum with the shortcut is divided by this.</param>
public sealed record ResnetStyle(long Groups, double Epsilon, string Activation, long? TimeWidth = null, double OutputScale = 1);
