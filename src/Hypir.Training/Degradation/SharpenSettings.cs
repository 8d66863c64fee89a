namespace Hypir.Training.Degradation;

/// <summary>How the clean picture is sharpened before it is damaged: it is this sharpened picture that training aims at.</summary>
public sealed record SharpenSettings
{
    /// <summary>Width of the Gaussian window in pixels, odd, at least 3. (The reference speaks of a radius of 50 and means this width, 51.)</summary>
    public int Radius { get; init; } = 51;

    /// <summary>Standard deviation of the window in pixels; 0 takes OpenCV's choice for the width, <c>0.3 ((width - 1) / 2 - 1) + 0.8</c>.</summary>
    public double Sigma { get; init; }

    /// <summary>How much of the difference to the blurred picture is added.</summary>
    public double Weight { get; init; } = 0.5;

    /// <summary>Differences to the blurred picture up to this many of 255 levels are left alone.</summary>
    public double Threshold { get; init; } = 10;
}
