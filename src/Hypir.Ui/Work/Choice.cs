namespace Hypir.Ui.Work;

/// <summary>The settings of a restoration, as the page sends them.</summary>
internal sealed record Choice
{
    /// <summary>A model's name in the engine's store, or the engine's choice.</summary>
    public string Model { get; init; } = Defaults.AutomaticModel;

    /// <summary>Enlargement, 1 to 8.</summary>
    public double Upscale { get; init; } = 1;

    /// <summary>The longer side of the result in pixels, instead of the enlargement; null for that.</summary>
    public int? LongestSide { get; init; }

    /// <summary>The number of the painted mask: only what is painted changes; null for the whole image.</summary>
    public int? Mask { get; init; }

    /// <summary>What the image shows; for models that read it.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>Seed of the noise.</summary>
    public long Seed { get; init; } = Defaults.Seed;

    /// <summary>Blend with the input: 1 is the model's result.</summary>
    public double Strength { get; init; } = 1;

    /// <summary>Whether the values are within their ranges. The engine checks whether they fit the model.</summary>
    public bool IsValid => Model is { Length: > 0 and <= 200 } && Upscale is >= 1 and <= 8 && Strength is >= 0 and <= 1
        && (LongestSide is null or (>= 16 and <= 65_535)) && Prompt is { Length: <= Defaults.PromptCharacters };
}

/// <summary>A part of an image, in its pixels.</summary>
internal sealed record Area(int X, int Y, int Width, int Height)
{
    /// <summary>The part of it within an image; null if it is empty.</summary>
    public Area? Within(int width, int height)
    {
        int left = Math.Clamp(X, 0, width), top = Math.Clamp(Y, 0, height);
        long right = Math.Clamp((long)X + Width, 0, width), bottom = Math.Clamp((long)Y + Height, 0, height);
        return right > left && bottom > top ? new(left, top, (int)(right - left), (int)(bottom - top)) : null;
    }
}
