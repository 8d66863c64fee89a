namespace Hypir.Training.Degradation.Kernels;

/// <summary>The kinds of blur kernel. In files they have the reference's names: <c>iso</c>, <c>generalized_aniso</c>, <c>sinc</c> …</summary>
public enum KernelKind
{
    /// <summary>A round Gaussian.</summary>
    Iso,

    /// <summary>An elliptical Gaussian, turned by an angle.</summary>
    Aniso,

    /// <summary>A round Gaussian whose exponent is raised to a power: peaked below 1, flat above.</summary>
    GeneralizedIso,

    /// <summary>The elliptical form of <see cref="GeneralizedIso"/>.</summary>
    GeneralizedAniso,

    /// <summary>A round plateau: flat in the middle, falling off as a power.</summary>
    PlateauIso,

    /// <summary>The elliptical form of <see cref="PlateauIso"/>.</summary>
    PlateauAniso,

    /// <summary>An ideal circular low-pass filter, cut to a square: rings, as over-sharpened and over-compressed pictures do.</summary>
    Sinc,

    /// <summary>A single 1 in the middle: no blur.</summary>
    Pulse,
}
