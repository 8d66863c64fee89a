namespace Hypir.Networks.Losses;

/// <summary>How logits become a loss.</summary>
public enum AdversarialKind
{
    /// <summary>Binary cross-entropy against 0.8 for real and 0 for fake, as the reference does.</summary>
    CrossEntropy,

    /// <summary>The hinge loss of Lim and Ye (2017): max(0, 1 - real), max(0, 1 + fake), and minus the logit for the generator.</summary>
    Hinge,
}
