namespace Hypir.Training.Config;

/// <summary>The type of frozen weights and of what is computed with them. What is trained stays in float32.</summary>
public enum MixedPrecision
{
    /// <summary>float32 throughout.</summary>
    No,

    /// <summary>bfloat16.</summary>
    Bf16,
}
