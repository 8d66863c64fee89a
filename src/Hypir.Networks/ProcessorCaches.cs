using System.Runtime.Intrinsics.X86;

namespace Hypir.Networks;

/// <summary>What the processor says of its caches. Some virtual machines hide it.</summary>
internal static class ProcessorCaches
{
    private const int IntelLeaf = 4, AmdLeaf = unchecked((int)0x8000001D), ExtendedLeaves = unchecked((int)0x80000000), KindMask = 31;

    // "Auth", the first four letters of AMD's name.
    private const int Amd = 0x68747541;

    /// <summary>Whether the processor describes its caches; true where that cannot be asked.</summary>
    internal static bool AreKnown
    {
        get
        {
            if (!X86Base.IsSupported)
                return true;
            var (leaves, maker, _, _) = X86Base.CpuId(0, 0);
            int leaf = maker == Amd ? AmdLeaf : IntelLeaf;
            int last = maker == Amd ? X86Base.CpuId(ExtendedLeaves, 0).Eax : leaves;
            return (uint)last >= (uint)leaf && (X86Base.CpuId(leaf, 0).Eax & KindMask) != 0;
        }
    }
}
