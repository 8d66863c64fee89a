namespace Hypir.Planning;

/// <summary>The kernels that compute the networks of a plan's stages.</summary>
public enum StageKernels
{
    /// <summary>The default: networks rewritten for speed, with our own kernels on a CPU.</summary>
    Fast,

    /// <summary>Plain torch, layer by layer.</summary>
    Torch,
}

/// <summary>The choice of kernels, made per process rather than per image: it serves comparison and troubleshooting.</summary>
public static class KernelChoice
{
    /// <summary>The environment variable for the choice.</summary>
    public const string Variable = "HYPIR_KERNELS";

    /// <summary>The variable's value in this process; null where it is not set.</summary>
    public static string? Value => Environment.GetEnvironmentVariable(Variable);

    /// <summary>Reads the variable's value.</summary>
    /// <param name="value">"torch" or "fast"; null or empty for the default.</param>
    /// <exception cref="UsageException">The value is neither.</exception>
    public static StageKernels Parse(string? value) => value switch
    {
        null or "" or "fast" => StageKernels.Fast,
        "torch" => StageKernels.Torch,
        _ => throw new UsageException(
            $"The environment variable {Variable} is \"{value}\"; it can be torch or fast.",
            "Set it to one of these, or unset it: fast is the default."),
    };
}
