using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;

namespace Hypir.PdnEffect.ViewModel.Results;

/// <summary>
/// What a restoration's result depends on, besides the pixels. Strength is not among it: it blends a result that is there.
/// </summary>
public sealed record RestorationSettings
{
    /// <summary>The model's name in the engine's store.</summary>
    public string Model { get; init; } = Defaults.Model;

    /// <summary>
    /// Working resolution, 1 or 2: by what the image is enlarged before the model sees it. The result is brought back to the layer's
    /// size, as an effect cannot change it.
    /// </summary>
    public int Scale { get; init; } = 1;

    /// <summary>What the image shows; empty for none, and for models that read none.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>Seed of the noise.</summary>
    public long Seed { get; init; } = Defaults.Seed;

    /// <summary>Timestep of the one-step formula, 0 … 999: the higher, the more the model makes up. Null for the model's own.</summary>
    public int? CoeffT { get; init; }

    /// <summary>Side of the tiles in pixels, or null for the model's own.</summary>
    public int? Tile { get; init; }

    /// <summary>Type that the networks compute in.</summary>
    public RequestPrecision Precision { get; init; }

    /// <summary>"auto", "cpu" or "cuda".</summary>
    public string Device { get; init; } = "auto";

    /// <summary>What the engine is asked.</summary>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
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
