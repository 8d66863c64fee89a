using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;

namespace Hypir.PdnEffect.ViewModel.Results;

/// <summary>
/// The settings that a result depends on, besides the pixels. Strength is not included: it blends an existing result.
/// </summary>
public sealed record RestorationSettings
{
    /// <summary>The model's name in the engine's store, or the engine's choice.</summary>
    public string Model { get; init; } = Defaults.AutomaticModel;

    /// <summary>
    /// Working resolution, 1 or 2: the factor by which the image is enlarged for the model. The result is scaled back, since an effect
    /// cannot change the layer's size.
    /// </summary>
    public int Scale { get; init; } = 1;

    /// <summary>The prompt; empty if none or if the model does not support one.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>Seed of the noise.</summary>
    public long Seed { get; init; } = Defaults.Seed;

    /// <summary>Timestep of the one-step formula, 0 … 999: higher values let the model invent more. Null for the model's default.</summary>
    public int? CoeffT { get; init; }

    /// <summary>Side length of the tiles in pixels, or null for the model's default.</summary>
    public int? Tile { get; init; }

    /// <summary>The type that the networks compute in.</summary>
    public RequestPrecision Precision { get; init; }

    /// <summary>"auto", "cpu" or "cuda".</summary>
    public string Device { get; init; } = "auto";

    /// <summary>The request to the engine.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    public RestoreRequest Request(int width, int height) => new()
    {
        Width = width,
        Height = height,
        Layout = PixelLayout.Bgra32,
        Model = Model,
        Prompt = Prompt,
        Upscale = Scale,
        Seed = Seed,
        CoeffT = CoeffT,
        Tile = Tile,
        Precision = Precision,
        Device = Device,
    };
}
