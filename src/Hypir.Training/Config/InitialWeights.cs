namespace Hypir.Training.Config;

/// <summary>What a model that is trained from scratch begins as.</summary>
public enum InitialWeights
{
    /// <summary>Random numbers throughout.</summary>
    Random,

    /// <summary>Random numbers, but chosen so that the model gives back the picture it is given; VAEs of factor 1 alone can.</summary>
    Identity,
}
