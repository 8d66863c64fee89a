using Hypir.Training.Degradation;
using static TorchSharp.torch;

namespace Hypir.Training.Data.Crops;

/// <summary>The eight orientations of a square, in the reference's terms; applied in this order.</summary>
/// <param name="Horizontal">Whether to flip horizontally.</param>
/// <param name="Vertical">Whether to flip vertically.</param>
/// <param name="Transpose">Whether to transpose; combined with the flips, this gives rotations by 90 degrees.</param>
public sealed record Flips(bool Horizontal, bool Vertical, bool Transpose)
{
    /// <summary>No change.</summary>
    public static Flips None { get; } = new(false, false, false);

    /// <summary>Draws flips.</summary>
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

/// <summary>The settings that flips are drawn from.</summary>
public sealed record FlipSettings
{
    /// <summary>Whether horizontal flips are allowed.</summary>
    public bool UseHorizontal { get; init; }

    /// <summary>Whether vertical flips and transpositions are allowed.</summary>
    public bool UseRotation { get; init; }

    /// <summary>Probability of a horizontal flip.</summary>
    public double HorizontalProbability { get; init; } = 0.5;

    /// <summary>Probability of a vertical flip.</summary>
    public double VerticalProbability { get; init; } = 0.5;

    /// <summary>Probability of a transposition.</summary>
    public double TransposeProbability { get; init; } = 0.5;
}
