namespace Hypir.Protocol.Messages;

/// <summary>The type that the networks compute in.</summary>
public enum RequestPrecision
{
    /// <summary>The model's own wish, then the device's.</summary>
    Auto,

    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>16 bits with float32's range.</summary>
    Bfloat16,

    /// <summary>16 bits.</summary>
    Float16,

    /// <summary>64-bit floating point, for comparisons.</summary>
    Float64,
}
