using Hypir.Protocol.Client;
using Hypir.Protocol.Pixels;

namespace Hypir.Protocol.Messages;

/// <summary>Everything that one restoration needs besides the pixels themselves. It names models of the engine's store, never files.</summary>
public sealed record RestoreRequest
{
    /// <summary>Pixels in a row of the input, at least 1.</summary>
    public required int Width { get; init; }

    /// <summary>Rows of the input, at least 1.</summary>
    public required int Height { get; init; }

    /// <summary>How the pixels lie in the file; the result comes in the same layout.</summary>
    public required PixelLayout Layout { get; init; }

    /// <summary>A model's <see cref="ModelEntry.Name"/>.</summary>
    public string Model { get; init; } = Defaults.Model;

    /// <summary>LoRA weights in place of the model's own: a name from <see cref="ModelList.Loras"/>, or null.</summary>
    public string? Lora { get; init; }

    /// <summary>What the picture shows; empty for none. At most 4,000 characters. It is never logged.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>Factor of enlargement, above 0. Not used where <see cref="LongestSide"/> is set.</summary>
    public double Upscale { get; init; } = 1;

    /// <summary>The longer side of the result in pixels, or null.</summary>
    public int? LongestSide { get; init; }

    /// <summary>Blend with the (scaled) input: 1 is the model's result, 0 the input.</summary>
    public double Strength { get; init; } = 1;

    /// <summary>Tile size in pixels, or null for the model's own.</summary>
    public int? Tile { get; init; }

    /// <summary>Distance between tiles in pixels, or null for the model's own share of the tile.</summary>
    public int? Stride { get; init; }

    /// <summary>Type that the networks compute in.</summary>
    public RequestPrecision Precision { get; init; }

    /// <summary>"auto" (the engine's choice), "cpu", "cuda" or "cuda:N".</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Timestep that the UNet is told, 0 … 999, or null for the model's own.</summary>
    public int? ModelT { get; init; }

    /// <summary>Timestep of the one-step formula, 0 … 999, or null for the model's own.</summary>
    public int? CoeffT { get; init; }

    /// <summary>Seed of the noise.</summary>
    public long Seed { get; init; } = Defaults.Seed;

    /// <summary>Whether a narrower precision may be used where memory does not suffice.</summary>
    public bool AllowNarrower { get; init; } = true;

    /// <summary>Whether the CPU may compute where the GPU's memory does not suffice.</summary>
    public bool AllowCpu { get; init; } = true;

    /// <summary>
    /// Whether the result is written over the input's pixel file, which saves the system the memory of a second one; <see cref="EngineClient"/> decides it.
    /// </summary>
    public bool InPlace { get; init; }
}
