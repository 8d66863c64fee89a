using Hypir.Protocol.Pixels;

namespace Hypir.Protocol.Messages;

/// <summary>A restored picture.</summary>
public sealed record JobResult
{
    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>Name of the result's pixel file in <see cref="Welcome.PixelFolder"/>; the client deletes it.</summary>
    public required string Pixels { get; init; }

    /// <summary>Pixels in a row.</summary>
    public required int Width { get; init; }

    /// <summary>Rows.</summary>
    public required int Height { get; init; }

    /// <summary>The pixels' layout: the request's.</summary>
    public required PixelLayout Layout { get; init; }

    /// <summary>What a person should know about how it came about, one sentence each; mostly none.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Seconds of computation, without waiting and loading.</summary>
    public double ComputeSeconds { get; init; }

    /// <summary>Seconds of reading and writing pixels in the engine.</summary>
    public double PixelSeconds { get; init; }

    /// <summary>The request as it was carried out: other tiles, precision or device where memory did not suffice.</summary>
    public required RestoreRequest CarriedOut { get; init; }
}
