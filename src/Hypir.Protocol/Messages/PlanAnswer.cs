namespace Hypir.Protocol.Messages;

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
    public long CardMemoryBytes { get; init; }

    /// <summary>Whether memory suffices for it as it was asked for; where not, the engine steps down by itself as far as the request allows.</summary>
    public required bool Fits { get; init; }

    /// <summary>Expected seconds of computation, or null where this model was never measured on this device.</summary>
    public double? Seconds { get; init; }

    /// <summary>Whether the model is in memory already.</summary>
    public required bool Loaded { get; init; }
}
