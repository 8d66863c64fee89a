using static TorchSharp.torch;

namespace Hypir.Networks.Losses;

/// <summary>The loss of a discriminator with several levels: the mean over each level's positions, summed over the levels.</summary>
/// <param name="kind">Converts a logit to a loss.</param>
public sealed class AdversarialLoss(AdversarialKind kind = AdversarialKind.CrossEntropy)
{
    /// <summary>One-sided label smoothing (Salimans et al., 2016): "real" is 0.8, for the generator too.</summary>
    private const double RealTarget = 0.8;

    /// <summary>The loss of each image.</summary>
    /// <param name="logits">(B, h, w) or (B, 1) for each level.</param>
    /// <param name="role">Whose loss to compute.</param>
    /// <returns>(B, 1), owned by the caller.</returns>
    public Tensor Of(IReadOnlyList<Tensor> logits, AdversarialRole role)
    {
        using var scope = NewDisposeScope();
        Tensor sum = Level(logits[0]);
        foreach (Tensor level in logits.Skip(1))
            sum = sum.Plus(Level(level));
        return sum.MoveToOuterDisposeScope();

        Tensor Level(Tensor x) => Each(x, role).flatten(1).mean([1], keepdim: true);
    }

    private Tensor Each(Tensor x, AdversarialRole role) => (kind, role) switch
    {
        (AdversarialKind.CrossEntropy, AdversarialRole.Fake) => -nn.functional.logsigmoid(-x),
        (AdversarialKind.CrossEntropy, _) => x.Times(1 - RealTarget) - nn.functional.logsigmoid(x),
        (_, AdversarialRole.Real) => nn.functional.relu(x.SubtractedFrom(1)),
        (_, AdversarialRole.Fake) => nn.functional.relu(x.Plus(1)),
        _ => -x,
    };
}

/// <summary>How logits become a loss.</summary>
public enum AdversarialKind
{
    /// <summary>Binary cross-entropy against 0.8 for real and 0 for fake, as the reference does.</summary>
    CrossEntropy,

    /// <summary>The hinge loss of Lim and Ye (2017): max(0, 1 - real), max(0, 1 + fake), and minus the logit for the generator.</summary>
    Hinge,
}

/// <summary>Whose loss is computed from a set of logits.</summary>
public enum AdversarialRole
{
    /// <summary>The discriminator, on real images.</summary>
    Real,

    /// <summary>The discriminator, on generated images.</summary>
    Fake,

    /// <summary>The generator, on its own images.</summary>
    Generator,
}
