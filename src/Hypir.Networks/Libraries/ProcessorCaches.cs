using System.Runtime.Intrinsics.X86;

namespace Hypir.Networks.Libraries;

/// <summary>What the processor says of its caches. Some virtual machines hide it.</summary>
internal static class ProcessorCaches
{
    private const int IntelLeaf = 4, AmdLeaf = unchecked((int)0x8000001D), ExtendedLeaves = unchecked((int)0x80000000), KindMask = 31;

    // "Auth", the first four letters of AMD's name.
    private const int Amd = 0x68747541;

    /// <summary>Whether the processor describes its caches; true where that cannot be asked.</summary>
    internal static bool AreKnown => !X86Base.IsSupported || AreDescribed(leaf => X86Base.CpuId(leaf, 0));

    /// <summary>Whether a processor describes its caches.</summary>
    /// <param name="leaf">What its CPUID instruction answers for a leaf, and for the first subleaf of one that has several.</param>
    internal static bool AreDescribed(Func<int, (int Eax, int Ebx, int Ecx, int Edx)> leaf)
    {
        var (leaves, maker, _, _) = leaf(0);
        int caches = maker == Amd ? AmdLeaf : IntelLeaf;
        int last = maker == Amd ? leaf(ExtendedLeaves).Eax : leaves;
        return (uint)last >= (uint)caches && (leaf(caches).Eax & KindMask) != 0;
    }
}
