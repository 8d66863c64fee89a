namespace Hypir.Training.Loop;

/// <summary>Which networks a batch trains.</summary>
public enum TrainingSchedule
{
    /// <summary>
    /// Generator and discriminator take turns, a batch each (or as many as gradients are accumulated over): the reference's schedule.
    /// </summary>
    Alternating,

    /// <summary>
    /// Both learn from every batch, the discriminator from the picture that the generator made before its step. This is another training, not a
    /// faster version of the same: the discriminator judges pictures of an older generator, and each network sees every batch.
    /// </summary>
    Joint,
}
