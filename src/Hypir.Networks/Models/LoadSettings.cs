using static TorchSharp.torch;

namespace Hypir.Networks.Models;

/// <summary>How a model is loaded.</summary>
public sealed record LoadSettings
{
    /// <summary>Type that the UNet and the text encoder compute in.</summary>
    public ScalarType UNetType { get; init; } = ScalarType.Float32;

    /// <summary>Type that the VAE computes in.</summary>
    public ScalarType VaeType { get; init; } = ScalarType.Float32;

    /// <summary>Where the networks live.</summary>
    public Device Device { get; init; } = CPU;

    /// <summary>A file of LoRA weights (.pth or .safetensors), or null.</summary>
    public string? LoraPath { get; init; }

    /// <summary>The adapters stay beside the base weights instead of being merged into them.</summary>
    public bool Unmerged { get; init; }
}
