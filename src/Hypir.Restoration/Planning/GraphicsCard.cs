namespace Hypir.Restoration.Planning;

/// <summary>A GPU that this program can compute on.</summary>
/// <param name="Index">Its number among the machine's CUDA devices.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="FreeMemory">Bytes that are free on it.</param>
/// <param name="ComputeCapability">CUDA's version of the hardware, major before the point (8.0 and later compute in bfloat16).</param>
public sealed record GraphicsCard(int Index, string Name, long FreeMemory, Version ComputeCapability)
{
    /// <summary>Whether bfloat16 is computed natively.</summary>
    public bool ComputesBfloat16 => ComputeCapability.Major >= 8;
}
