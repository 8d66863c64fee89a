namespace Hypir.Training.Degradation.Recipes;

/// <summary>The end of the pipeline.</summary>
public sealed record FinalRecipe
{
    /// <summary>Filter or JPEG first.</summary>
    public FinalOrder Order { get; init; } = FinalOrder.SincThenJpeg;

    /// <summary>How to interpolate to the shrunken size.</summary>
    public ResizeMode Mode { get; init; } = ResizeMode.Bicubic;

    /// <summary>Whether the result is enlarged to the picture's first size, if it was shrunk.</summary>
    public bool ResizeBack { get; init; } = true;
}
