namespace Hypir.TrainTool.Config;

/// <summary>How generator and discriminator take turns. The two are different trainings.</summary>
public enum StepSchedule
{
    /// <summary>The reference's: one batch for the generator, the next for the discriminator.</summary>
    Alternating,

    /// <summary>Both on every batch; the discriminator sees the picture that the generator just made.</summary>
    Joint,
}
