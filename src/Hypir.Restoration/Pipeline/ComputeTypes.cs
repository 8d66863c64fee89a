using Hypir.Planning;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>The device and types of a plan as torch values.</summary>
internal sealed class ComputeTypes(RestorePlan plan)
{
    /// <summary>Where the networks compute.</summary>
    public Device Device { get; } = device(plan.Compute.TorchDevice);

    /// <summary>The UNet's type.</summary>
    public ScalarType UNet { get; } = TorchTypes.Of(plan.Compute.UNet);

    /// <summary>The VAE's type.</summary>
    public ScalarType Vae { get; } = TorchTypes.Of(plan.Compute.Vae);

    /// <summary>Whether to use the reference's types: it computes everything around a network in the network's type.</summary>
    public bool IsReference { get; } = plan.Options.Mode == RestoreMode.Reference;

    private ScalarType Pixels { get; } = TorchTypes.Pixels(plan.Compute);

    /// <summary>The type of sums over tiles, and of latents between stages.</summary>
    public ScalarType Accumulator(ScalarType network) => IsReference ? network : Pixels;

    /// <summary>The type of the formulas around a network that computes in the given type.</summary>
    public ScalarType Arithmetic(ScalarType network) => IsReference ? network : TorchTypes.Widest(network, Pixels);
}

/// <summary>Converts a plan's types to torch types.</summary>
internal static class TorchTypes
{
    /// <summary>The torch type of a resolved precision.</summary>
    public static ScalarType Of(ComputePrecision precision) => precision switch
    {
        ComputePrecision.Float64 => ScalarType.Float64,
        ComputePrecision.Float32 => ScalarType.Float32,
        ComputePrecision.Bfloat16 => ScalarType.BFloat16,
        ComputePrecision.Float16 => ScalarType.Float16,
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "The precision must have been resolved."),
    };

    /// <summary>The precision of a torch type that networks compute in.</summary>
    public static ComputePrecision PrecisionOf(ScalarType type) => type switch
    {
        ScalarType.Float64 => ComputePrecision.Float64,
        ScalarType.Float32 => ComputePrecision.Float32,
        ScalarType.BFloat16 => ComputePrecision.Bfloat16,
        ScalarType.Float16 => ComputePrecision.Float16,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No network computes in this type."),
    };

    /// <summary>The type of images and sums outside of the networks: float32, or float64 if the networks compute in it.</summary>
    public static ScalarType Pixels(ComputeChoice compute) =>
        compute.Vae == ComputePrecision.Float64 ? ScalarType.Float64 : ScalarType.Float32;

    /// <summary>The next type with more range or precision, or null after float64.</summary>
    public static ScalarType? Wider(ScalarType type) => type switch
    {
        ScalarType.Float16 or ScalarType.BFloat16 => ScalarType.Float32,
        ScalarType.Float32 => ScalarType.Float64,
        _ => null,
    };

    /// <summary>The wider of two types.</summary>
    public static ScalarType Widest(ScalarType a, ScalarType b) => a == ScalarType.Float64 || b == ScalarType.Float64 ? ScalarType.Float64
        : a == ScalarType.Float32 || b == ScalarType.Float32 ? ScalarType.Float32 : a;
}
