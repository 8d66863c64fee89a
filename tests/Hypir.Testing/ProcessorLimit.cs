using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypir.Testing;

/// <summary>A processor feature that a child process must not use, and how to switch it off in .NET 10's runtime.</summary>
/// <param name="Name">Its name on the child's command line.</param>
/// <param name="Switch">The environment variable that switches it off when it is 0.</param>
/// <param name="Remaining">Names what is still in use although it is switched off; empty where the switch has its effect.</param>
public sealed record ProcessorLimit(string Name, string Switch, Func<IEnumerable<string>> Remaining)
{
    /// <summary>No AVX-512: vectors of 512 bits are two of 256.</summary>
    public static ProcessorLimit NoAvx512 { get; } =
        new("no-avx512", "DOTNET_EnableAVX512", () =>
            InUse(
                (nameof(Vector512), Vector512.IsHardwareAccelerated), (nameof(Avx512F), Avx512F.IsSupported),
                (nameof(Avx512DQ), Avx512DQ.IsSupported), (nameof(Avx512BW), Avx512BW.IsSupported), ("Avx512F.VL", Avx512F.VL.IsSupported))
        );

    /// <summary>No AVX2 and nothing that builds on it: vectors of 512 bits are four of 128, and sums are fused in software.</summary>
    public static ProcessorLimit NoAvx2 { get; } =
        new("no-avx2", "DOTNET_EnableAVX2", () =>
            InUse((nameof(Vector256), Vector256.IsHardwareAccelerated), (nameof(Avx2), Avx2.IsSupported), (nameof(Fma), Fma.IsSupported))
                .Concat(NoAvx512.Remaining())
        );

    /// <summary>All limits.</summary>
    public static IReadOnlyList<ProcessorLimit> All { get; } = [NoAvx512, NoAvx2];

    /// <summary>What this process uses of the processor, for people.</summary>
    public static string Description =>
        $"Vector512 {Vector512.IsHardwareAccelerated}, Vector256 {Vector256.IsHardwareAccelerated}, Vector128 "
            + $"{Vector128.IsHardwareAccelerated}, "
        + $"Avx512F {Avx512F.IsSupported}, Avx2 {Avx2.IsSupported}, Fma {Fma.IsSupported}";

    private static IEnumerable<string> InUse(params (string Name, bool IsUsed)[] features) =>
        features.Where(feature => feature.IsUsed).Select(feature => feature.Name);
}
