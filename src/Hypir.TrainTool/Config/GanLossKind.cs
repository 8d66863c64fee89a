namespace Hypir.TrainTool.Config;

/// <summary>What is made of the discriminator's answers.</summary>
public enum GanLossKind
{
    /// <summary>The reference's: cross entropy of each level, targets 0.8 and 0.</summary>
    Multilevel,

    /// <summary>Hinge (Lim and Ye, "Geometric GAN", 2017).</summary>
    Hinge,
}
