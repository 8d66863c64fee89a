using Hypir.Restoration.Planning;

namespace Hypir.Engine.Benchmarks;

/// <summary>Of what the start is to be measured.</summary>
internal sealed record StartJob
{
    /// <summary>The model's folder or file.</summary>
    public required string Model { get; init; }

    /// <summary>A file of LoRA weights, which are merged as it starts, or null.</summary>
    public string? Lora { get; init; }

    /// <summary>How often it is started.</summary>
    public required int Rounds { get; init; }

    /// <summary>Device and precision.</summary>
    public required RestoreOptions Options { get; init; }
}
