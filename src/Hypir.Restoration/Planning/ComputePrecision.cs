namespace Hypir.Restoration.Planning;

/// <summary>The type that the networks compute in.</summary>
public enum ComputePrecision
{
    /// <summary>The model's own wish, then the device's: bfloat16 on a GPU that has it, float32 on a CPU.</summary>
    Auto,

    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>16 bits with float32's range.</summary>
    Bfloat16,

    /// <summary>16 bits; the VAE stays in float32, since its activations leave float16's range on some pictures.</summary>
    Float16,

    /// <summary>64-bit floating point, for comparisons.</summary>
    Float64,
}
