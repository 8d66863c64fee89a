namespace Hypir.Training.Data.Pairs;

/// <summary>A damaged picture and the one to aim at, as the shuffle pool keeps them: arrays, so that nobody need own them.</summary>
/// <param name="Gt">Planes R, G, B of the picture to aim at, in [0, 1]: sharpening leaves more than 8 bits.</param>
/// <param name="Lq">Planes of the damaged one.</param>
/// <param name="Height">Rows of both.</param>
/// <param name="Width">Columns of both.</param>
/// <param name="Recipe">How it was made, with all that were degraded together with it.</param>
/// <param name="Place">Its place among those.</param>
public sealed record TrainingPair(float[] Gt, byte[] Lq, int Height, int Width, BatchRecipe Recipe, int Place)
{
    /// <summary>The caption.</summary>
    public string Prompt => Recipe.Samples[Place].Prompt;
}
