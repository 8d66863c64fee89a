using static TorchSharp.torch;

namespace Hypir.Networks.Tests;

/// <summary>The two types that the goldens were computed in, with the relative error that each leaves room for.</summary>
internal sealed record Precision(ScalarType Type, string Name, double Tolerance)
{
    public static Precision Float64 { get; } = new(ScalarType.Float64, "f64", 1e-10);

    public static Precision Float32 { get; } = new(ScalarType.Float32, "f32", 1e-5);

    public static IReadOnlyList<Precision> All { get; } = [Float64, Float32];
}
