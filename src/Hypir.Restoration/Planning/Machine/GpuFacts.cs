using System.Globalization;

namespace Hypir.Restoration.Planning.Machine;

/// <summary>A GPU that this program can compute on.</summary>
/// <param name="Index">Its number among the machine's CUDA devices.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="FreeMemory">Bytes that are free on it.</param>
/// <param name="ComputeCapability">CUDA's version of the hardware, major before the point (8.0 and later compute in bfloat16).</param>
public sealed record GpuFacts(int Index, string Name, long FreeMemory, Version ComputeCapability)
{
    /// <summary>Bytes of memory that it has.</summary>
    public long TotalMemory { get; init; } = long.MaxValue;

    /// <summary>Bytes of it that this process occupies; null where the driver does not say (Windows, containers).</summary>
    public long? OwnMemory { get; init; }

    /// <summary>The name that torch and options have for it: "cuda:N".</summary>
    public string Device => string.Create(CultureInfo.InvariantCulture, $"cuda:{Index}");

    /// <summary>Whether bfloat16 is computed natively.</summary>
    public bool ComputesBfloat16 => ComputeCapability.Major >= 8;
}
