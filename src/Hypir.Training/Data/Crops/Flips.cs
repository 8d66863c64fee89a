using Hypir.Training.Degradation;
using static TorchSharp.torch;

namespace Hypir.Training.Data.Crops;

/// <summary>The eight ways to lay a square down, in the reference's terms; applied in this order.</summary>
/// <param name="Horizontal">Left and right change places.</param>
/// <param name="Vertical">Top and bottom change places.</param>
/// <param name="Transpose">Rows become columns: with the others, a turn by 90 degrees.</param>
public sealed record Flips(bool Horizontal, bool Vertical, bool Transpose)
{
    /// <summary>Nothing is turned.</summary>
    public static Flips None { get; } = new(false, false, false);

    /// <summary>Draws.</summary>
    public static Flips Sample(FlipSettings settings, SeededRandom random) => new(
        settings.UseHorizontal && random.Chance(settings.HorizontalProbability),
        settings.UseRotation && random.Chance(settings.VerticalProbability),
        settings.UseRotation && random.Chance(settings.TransposeProbability));

    /// <summary>Applies them to the last two dimensions.</summary>
    /// <param name="images">(…, H, W).</param>
    /// <returns>(…, H, W), or (…, W, H) after a transposition; contiguous.</returns>
    public Tensor Apply(Tensor images)
    {
        using var scope = NewDisposeScope();
        long[] turned = [.. Horizontal ? (long[])[-1] : [], .. Vertical ? (long[])[-2] : []];
        var result = turned.Length > 0 ? images.flip(turned) : images.alias();
        return (Transpose ? result.transpose(-1, -2) : result).contiguous().MoveToOuterDisposeScope();
    }
}

/// <summary>What flips are drawn from.</summary>
public sealed record FlipSettings
{
    /// <summary>Whether left and right may change places.</summary>
    public bool UseHorizontal { get; init; }

    /// <summary>Whether images may be turned (vertical flips and transpositions).</summary>
    public bool UseRotation { get; init; }

    /// <summary>How often left and right change places.</summary>
    public double HorizontalProbability { get; init; } = 0.5;

    /// <summary>How often top and bottom change places.</summary>
    public double VerticalProbability { get; init; } = 0.5;

    /// <summary>How often rows become columns.</summary>
    public double TransposeProbability { get; init; } = 0.5;
}
