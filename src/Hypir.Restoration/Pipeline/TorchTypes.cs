using Hypir.Restoration.Planning;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>A plan's types in torch's words.</summary>
internal static class TorchTypes
{
    /// <summary>The type of a precision that was resolved.</summary>
    public static ScalarType Of(ComputePrecision precision) => precision switch
    {
        ComputePrecision.Float64 => ScalarType.Float64,
        ComputePrecision.Float32 => ScalarType.Float32,
        ComputePrecision.Bfloat16 => ScalarType.BFloat16,
        ComputePrecision.Float16 => ScalarType.Float16,
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "The precision must have been resolved."),
    };

    /// <summary>The type of pictures and sums outside of the networks: float32, or float64 where that is computed in.</summary>
    public static ScalarType Pixels(ComputeChoice compute) => compute.Vae == ComputePrecision.Float64 ? ScalarType.Float64 : ScalarType.Float32;

    /// <summary>The next type of more range or digits, or null after float64.</summary>
    public static ScalarType? Wider(ScalarType type) => type switch
    {
        ScalarType.Float16 or ScalarType.BFloat16 => ScalarType.Float32,
        ScalarType.Float32 => ScalarType.Float64,
        _ => null,
    };

    /// <summary>The wider of two types.</summary>
    public static ScalarType Widest(ScalarType a, ScalarType b) => a == ScalarType.Float64 || b == ScalarType.Float64 ? ScalarType.Float64
        : a == ScalarType.Float32 || b == ScalarType.Float32 ? ScalarType.Float32 : a;

    /// <summary>The type's name as options have it.</summary>
    public static string Name(ScalarType type) => type.ToString().ToLowerInvariant();
}
