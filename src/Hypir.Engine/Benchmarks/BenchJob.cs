using Hypir.Restoration.Planning;

namespace Hypir.Engine.Benchmarks;

/// <summary>What is to be measured.</summary>
internal sealed record BenchJob
{
    /// <summary>The model's folder or file.</summary>
    public required string Model { get; init; }

    /// <summary>A file of LoRA weights, or null.</summary>
    public string? Lora { get; init; }

    /// <summary>Side of the image in pixels.</summary>
    public required int Size { get; init; }

    /// <summary>Ways of computing, each "fast", "reference" or "unmerged".</summary>
    public required IReadOnlyList<string> Ways { get; init; }

    /// <summary>How often each is measured.</summary>
    public required int Rounds { get; init; }

    /// <summary>Whether single tiles are measured and multiplied.</summary>
    public required bool Sample { get; init; }

    /// <summary>Device and precision.</summary>
    public required RestoreOptions Options { get; init; }

    /// <summary>Reads a list of ways.</summary>
    /// <returns>The ways; null if one is unknown, or there is none.</returns>
    public static IReadOnlyList<string>? ParseWays(string text)
    {
        string[] ways = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), known = ["fast", "reference", "unmerged"];
        string? wrong = ways.FirstOrDefault(way => !known.Contains(way, StringComparer.Ordinal));
        return wrong is null && ways.Length > 0 ? ways : null;
    }

    /// <summary>The options of a way.</summary>
    public RestoreOptions Of(string way) => Options with { Mode = way == "fast" ? RestoreMode.Fast : RestoreMode.Reference, Unmerged = way == "unmerged" };
}
