namespace Hypir.Networks.Losses;

/// <summary>Whose wish a set of logits is compared with.</summary>
public enum AdversarialRole
{
    /// <summary>The discriminator, on real pictures.</summary>
    Real,

    /// <summary>The discriminator, on generated pictures.</summary>
    Fake,

    /// <summary>The generator, on its own pictures.</summary>
    Generator,
}
