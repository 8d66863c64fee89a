using System.Text.Json.Serialization;
using Hypir.Protocol.Client;
using Hypir.Protocol.Pixels;

namespace Hypir.Protocol.Messages;

/// <summary>
/// Everything that a restoration needs besides the pixels themselves. It refers to models in the engine's store, never to files.
/// </summary>
public sealed record RestoreRequest
{
    /// <summary>Pixels in a row of the input, at least 1.</summary>
    public required int Width { get; init; }

    /// <summary>Rows of the input, at least 1.</summary>
    public required int Height { get; init; }

    /// <summary>The pixel layout of the file; the result has the same layout.</summary>
    public required PixelLayout Layout { get; init; }

    /// <summary>
    /// A model's <see cref="ModelEntry.Name"/>, or <see cref="Defaults.AutomaticModel"/> to let the engine choose between the two models
    /// that ship with it by what the image shows.
    /// </summary>
    public string Model { get; init; } = Defaults.Model;

    /// <summary>LoRA weights instead of the model's own: a name from <see cref="ModelList.Loras"/>, or null.</summary>
    public string? Lora { get; init; }

    /// <summary>A description of the image; empty for none. At most 4,000 characters. It is never logged.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>Enlargement factor, above 0. Ignored if <see cref="LongestSide"/> is set.</summary>
    public double Upscale { get; init; } = 1;

    /// <summary>The longer side of the result in pixels, or null.</summary>
    public int? LongestSide { get; init; }

    /// <summary>The part of the image to restore, with its surroundings as context; null for all of it.</summary>
    public RequestArea? Area { get; init; }

    /// <summary>
    /// Whether the result is the whole (scaled) image, in which nothing outside of <see cref="Area"/> changes; otherwise the area alone is
    /// the result.
    /// </summary>
    public bool KeepRest { get; init; }

    /// <summary>
    /// Name of a pixel file of the area's size in layout <see cref="PixelLayout.Gray8"/>: 255 is restored, 0 does not change, and values
    /// between blend. For <see cref="KeepRest"/>; null to restore all of the area. <see cref="EngineClient"/> sets it.
    /// </summary>
    public string? Mask { get; init; }

    /// <summary>Blend with the (scaled) input: 1 is the model's result, 0 the input.</summary>
    public double Strength { get; init; } = 1;

    /// <summary>Tile size in pixels, or null for the model's default.</summary>
    public int? Tile { get; init; }

    /// <summary>Distance between tiles in pixels, or null for the model's default proportion of the tile.</summary>
    public int? Stride { get; init; }

    /// <summary>The type in which the networks compute.</summary>
    public RequestPrecision Precision { get; init; }

    /// <summary>"auto" (the engine's choice), "cpu", "cuda" or "cuda:N".</summary>
    public string Device { get; init; } = "auto";

    /// <summary>The UNet's timestep input, 0 … 999, or null for the model's default.</summary>
    public int? ModelT { get; init; }

    /// <summary>Timestep of the one-step formula, 0 … 999, or null for the model's default.</summary>
    public int? CoeffT { get; init; }

    /// <summary>Seed of the noise.</summary>
    public long Seed { get; init; } = Defaults.Seed;

    /// <summary>
    /// For <see cref="Defaults.AutomaticModel"/>: the quality of the JPEG file that the image comes from, 1 to 100 on libjpeg's scale, or
    /// null to estimate it.
    /// </summary>
    public int? JpegQuality { get; init; }

    /// <summary>Whether a narrower precision may be used if memory is insufficient.</summary>
    public bool AllowNarrower { get; init; } = true;

    /// <summary>Whether to fall back to the CPU if the GPU's memory is insufficient.</summary>
    public bool AllowCpu { get; init; } = true;

    /// <summary>Whether to map where the result departs from what the input supports. It can take twice the time.</summary>
    public bool Map { get; init; }

    /// <summary>
    /// Whether to overwrite the input's pixel file with the result, which saves the memory of a second one; <see cref="EngineClient"/>
    /// decides.
    /// </summary>
    public bool InPlace { get; init; }
}

/// <summary>A rectangle within the input, in its pixels.</summary>
/// <param name="X">First column.</param>
/// <param name="Y">First row.</param>
/// <param name="Width">Columns, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
public sealed record RequestArea(int X, int Y, int Width, int Height);

/// <summary>The type in which the networks compute.</summary>
public enum RequestPrecision
{
    /// <summary>The model's preference, or else the device's.</summary>
    Auto,

    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>16 bits with the range of float32.</summary>
    Bfloat16,

    /// <summary>16 bits.</summary>
    Float16,

    /// <summary>64-bit floating point, for comparison.</summary>
    Float64,
}

/// <summary>The estimated cost of a request.</summary>
public sealed record PlanAnswer
{
    /// <summary>The model's display name.</summary>
    public required string Model { get; init; }

    /// <summary>"cpu" or "cuda:N".</summary>
    public required string Device { get; init; }

    /// <summary>The type in which the networks compute.</summary>
    public required RequestPrecision Precision { get; init; }

    /// <summary>Width of the result in pixels.</summary>
    public required int OutputWidth { get; init; }

    /// <summary>Height of the result in pixels.</summary>
    public required int OutputHeight { get; init; }

    /// <summary>Longer side of the UNet's tiles as executed, in pixels; 0 if the model does not run.</summary>
    public required int Tile { get; init; }

    /// <summary>Distance between the UNet's tiles as executed, in pixels; the larger one of both axes.</summary>
    public required int Stride { get; init; }

    /// <summary>Longer side of the VAE's tiles as executed, in pixels; 0 if the model does not run.</summary>
    public int VaeTile { get; init; }

    /// <summary>Total number of tiles of the three stages.</summary>
    public required int Tiles { get; init; }

    /// <summary>Peak host memory in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Host memory that the engine can use now, in bytes.</summary>
    public required long FreeMemoryBytes { get; init; }

    /// <summary>Peak GPU memory in bytes; 0 on the CPU.</summary>
    [JsonPropertyName("cardMemoryBytes")]
    public long GpuMemoryBytes { get; init; }

    /// <summary>
    /// Whether memory suffices for the request as given; otherwise the engine falls back automatically as far as the request allows.
    /// </summary>
    public required bool Fits { get; init; }

    /// <summary>Expected computation time in seconds, or null if this model was never measured on this device.</summary>
    public double? Seconds { get; init; }

    /// <summary>
    /// Whether the result of a JPEG file may be moved to what the file allows, as <c>hypir restore</c> does. The engine gets pixels without
    /// their file: a client that has it does that itself, before the strength.
    /// </summary>
    public bool FollowsJpeg { get; init; }

    /// <summary>Whether the model is already in memory.</summary>
    public required bool Loaded { get; init; }
}
