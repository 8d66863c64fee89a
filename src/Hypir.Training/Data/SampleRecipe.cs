

using Hypir.Training.Data.Crops;

namespace Hypir.Training.Data;

/// <summary>Which picture a sample was made of, and what was chosen for it before the degradation.</summary>
public sealed record SampleRecipe
{
    /// <summary>What the sample is called: the stem of the files that are written of it.</summary>
    public required string Name { get; init; }

    /// <summary>The picture's file.</summary>
    public required string Source { get; init; }

    /// <summary>The picture's width; a replay with a picture of another size is refused. Null for any.</summary>
    public int? Width { get; init; }

    /// <summary>The picture's height, likewise.</summary>
    public int? Height { get; init; }

    /// <summary>The cut-out; null for the whole picture.</summary>
    public CropRecipe? Crop { get; init; }

    /// <summary>How it was turned.</summary>
    public Flips Flips { get; init; } = Flips.None;

    /// <summary>The caption to train with, "" where there is none or it was dropped.</summary>
    public string Prompt { get; init; } = "";
}
