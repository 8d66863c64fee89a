namespace Hypir.Training.Config;

/// <summary>How the learning rates change in the course of a run.</summary>
public enum LearningRateSchedule
{
    /// <summary>They do not, after warming up: the reference's.</summary>
    Constant,

    /// <summary>Down to a hundredth along half a cosine (Loshchilov and Hutter, "SGDR", 2017, without restarts).</summary>
    Cosine,
}
