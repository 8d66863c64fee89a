namespace Hypir.Training.Config;

/// <summary>The rule that moves weights; the reference's names.</summary>
public enum OptimizerKind
{
    /// <summary>AdamW (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019).</summary>
    Adam,

    /// <summary>RMSprop (Tieleman and Hinton, 2012).</summary>
    Rmsprop,
}
