using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Benchmarks;

/// <summary>Seconds of several measurements.</summary>
/// <param name="Min">The least.</param>
/// <param name="Median">The middle one.</param>
/// <param name="Max">The most.</param>
internal sealed record Spread(double Min, double Median, double Max)
{
    /// <summary>The spread of some numbers, at least one.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new(sorted[0], sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2, sorted[^1]);
    }
}

/// <summary>One stage of one way.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Tiles">Its tiles.</param>
/// <param name="Height">Rows of a tile, in pixels or positions of the latent.</param>
/// <param name="Width">Columns of a tile.</param>
/// <param name="Gigaflop">Operations of the plain network on all tiles, in 10^9.</param>
/// <param name="Seconds">What all tiles take.</param>
/// <param name="Share">Operations a second over those of a matrix product in the same run, from the medians.</param>
internal sealed record StageResult(RestoreStage Stage, int Tiles, int Height, int Width, double Gigaflop, Spread Seconds, double Share);

/// <summary>One way of computing.</summary>
/// <param name="Way">Its name.</param>
/// <param name="Load">Seconds from nothing to a model that is ready.</param>
/// <param name="Seconds">What the image takes.</param>
/// <param name="Stages">The networks' stages.</param>
internal sealed record WayResult(string Way, double Load, Spread Seconds, IReadOnlyList<StageResult> Stages);

/// <summary>All that was measured.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Device">Where it was computed.</param>
/// <param name="Precision">In which type.</param>
/// <param name="Size">Side of the image.</param>
/// <param name="Extrapolated">Whether single tiles were measured and multiplied.</param>
/// <param name="Rounds">How often.</param>
/// <param name="Matmul">Operations a second of a matrix product of 2048³, in 10^9.</param>
/// <param name="Ways">The ways, in the order asked for.</param>
/// <param name="Ratio">How many times faster the last way is than the first, round by round; null where there is one.</param>
/// <param name="PeakMemory">Most bytes that the process had in memory.</param>
internal sealed record BenchResult(
    string Model, string Device, string Precision, int Size, bool Extrapolated, int Rounds, Spread Matmul, IReadOnlyList<WayResult> Ways, Spread? Ratio, long PeakMemory);
