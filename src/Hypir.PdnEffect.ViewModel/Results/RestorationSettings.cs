namespace Hypir.PdnEffect.ViewModel;

/// <summary>What a restoration's result depends on, besides the pixels. Strength is not among it: it blends a result that is there.</summary>
public sealed record RestorationSettings
{
    /// <summary>The model's name in the engine's store.</summary>
    public string Model { get; init; } = "nano";

    /// <summary>
    /// Working resolution, 1 or 2: by what the picture is enlarged before the model sees it. The result is brought back to the layer's size, as an effect cannot
    /// change it.
    /// </summary>
    public int Scale { get; init; } = 1;

    /// <summary>What the picture shows; empty for none, and for models that read none.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>Seed of the noise.</summary>
    public long Seed { get; init; } = 231;
}
