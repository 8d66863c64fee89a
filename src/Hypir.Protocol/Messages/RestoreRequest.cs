using System.Text.Json.Serialization;
using Hypir.Protocol.Client;
using Hypir.Protocol.Pixels;

namespace Hypir.Protocol.Messages;

/// <summary>
/// Everything that one restoration needs besides the pixels themselves. It names models of the engine's store, never files.
/// </summary>
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

    /// <summary>What the image shows; empty for none. At most 4,000 characters. It is never logged.</summary>
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
    /// Whether the result is written over the input's pixel file, which saves the system the memory of a second one;
    /// <see cref="EngineClient"/> decides it.
    /// </summary>
    public bool InPlace { get; init; }
}

/// <summary>The type that the networks compute in.</summary>
public enum RequestPrecision
{
    /// <summary>The model's own wish, then the device's.</summary>
    Auto,

    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>16 bits with float32's range.</summary>
    Bfloat16,

    /// <summary>16 bits.</summary>
    Float16,

    /// <summary>64-bit floating point, for comparisons.</summary>
    Float64,
}

/// <summary>What a request would cost.</summary>
public sealed record PlanAnswer
{
    /// <summary>The model's name for people.</summary>
    public required string Model { get; init; }

    /// <summary>"cpu" or "cuda:N".</summary>
    public required string Device { get; init; }

    /// <summary>The type that the networks compute in.</summary>
    public required RequestPrecision Precision { get; init; }

    /// <summary>The result's pixels in a row.</summary>
    public required int OutputWidth { get; init; }

    /// <summary>The result's rows.</summary>
    public required int OutputHeight { get; init; }

    /// <summary>Longer side of the UNet's tiles as they are executed, in pixels; 0 where the model does not run.</summary>
    public required int Tile { get; init; }

    /// <summary>Distance between the UNet's tiles as they are executed, in pixels, the longer one of both axes.</summary>
    public required int Stride { get; init; }

    /// <summary>Longer side of the VAE's tiles as they are executed, in pixels; 0 where the model does not run.</summary>
    public int VaeTile { get; init; }

    /// <summary>Tiles of the three stages together.</summary>
    public required int Tiles { get; init; }

    /// <summary>Most bytes of host memory in use at once.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Bytes of host memory that the engine can use now.</summary>
    public required long FreeMemoryBytes { get; init; }

    /// <summary>Most bytes of the GPU's memory in use at once; 0 on the CPU.</summary>
    [JsonPropertyName("cardMemoryBytes")]
    public long GpuMemoryBytes { get; init; }

    /// <summary>
    /// Whether memory suffices for it as it was asked for; where not, the engine steps down by itself as far as the request allows.
    /// </summary>
    public required bool Fits { get; init; }

    /// <summary>Expected seconds of computation, or null where this model was never measured on this device.</summary>
    public double? Seconds { get; init; }

    /// <summary>Whether the model is in memory already.</summary>
    public required bool Loaded { get; init; }
}
