namespace Hypir.TrainTool.Degradation.Recipes;

/// <summary>The end of the pipeline.</summary>
public sealed record FinalRecipe
{
    /// <summary>Filter or JPEG first.</summary>
    public required FinalOrder Order { get; init; }

    /// <summary>How to interpolate to the shrunken size.</summary>
    public required ResizeMode Mode { get; init; }

    /// <summary>Whether the result is enlarged to the picture's first size, if it was shrunk.</summary>
    public required bool ResizeBack { get; init; }
}
