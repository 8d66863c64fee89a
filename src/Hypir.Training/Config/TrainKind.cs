namespace Hypir.Training.Config;

/// <summary>What is trained.</summary>
public enum TrainKind
{
    /// <summary>Low-rank adapters beside a frozen UNet; the VAE stays as it is.</summary>
    Lora,

    /// <summary>All weights of UNet and VAE, from random ones: for small models.</summary>
    FromScratch,
}
