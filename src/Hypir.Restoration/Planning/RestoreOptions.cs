namespace Hypir.Restoration.Planning;

/// <summary>Everything that a person can choose about one restoration. The defaults are the command line's.</summary>
public sealed record RestoreOptions
{
    /// <summary>Factor of enlargement, above 0 (1 keeps the size). Not used where <see cref="LongestSide"/> is set.</summary>
    public double Upscale { get; init; } = 1;

    /// <summary>The longer side of the result in pixels, or null.</summary>
    public int? LongestSide { get; init; }

    /// <summary>Blend with the (scaled) input after the model: 1 is the model's result, 0 the input.</summary>
    public double Strength { get; init; } = 1;

    /// <summary>Tile size in pixels of the model's input, or null for the model's own.</summary>
    public int? Tile { get; init; }

    /// <summary>Distance between tiles in pixels, or null for the model's own.</summary>
    public int? Stride { get; init; }

    /// <summary>Way of computing.</summary>
    public RestoreMode Mode { get; init; }

    /// <summary>Type that the networks compute in.</summary>
    public ComputePrecision Precision { get; init; }

    /// <summary>"auto", "cpu", "cuda" or "cuda:N".</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Timestep that the UNet is told, 0 … 999, or null for the model's own (200).</summary>
    public int? ModelT { get; init; }

    /// <summary>Timestep of the one-step formula, 0 … 999, or null for the model's own (200). The model's one real knob of strength.</summary>
    public int? CoeffT { get; init; }

    /// <summary>What the picture shows; empty for none.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>Seed of the posterior noise.</summary>
    public long Seed { get; init; } = Defaults.Seed;

    /// <summary>LoRA weights stay beside the base weights instead of being merged into them.</summary>
    public bool Unmerged { get; init; }
}
