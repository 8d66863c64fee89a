namespace Hypir.TrainTool.Degradation.Recipes;

/// <summary>What a stage does to the size.</summary>
public enum ResizeChoice
{
    /// <summary>Enlarges.</summary>
    Up,

    /// <summary>Shrinks.</summary>
    Down,

    /// <summary>A factor of 1.</summary>
    Keep,
}
