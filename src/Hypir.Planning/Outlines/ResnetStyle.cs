namespace Hypir.Planning.Outlines;

/// <summary>Settings shared by all residual blocks of a network.</summary>
/// <param name="Groups">Groups of the norms.</param>
/// <param name="Epsilon">Added to the variance in the norms.</param>
/// <param name="Activation">Name of the activation function.</param>
/// <param name="TimeWidth">Width of the time embedding, or null for a network without time.</param>
/// <param name="OutputScale">Divisor of the sum with the shortcut.</param>
public sealed record ResnetStyle(long Groups, double Epsilon, string Activation, long? TimeWidth = null, double OutputScale = 1);
