namespace Hypir.Networks.Fast;

/// <summary>What one picture's pass through a <see cref="Winograd"/> convolution reads and writes.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class WinogradJob<T>
    where T : unmanaged
{
    /// <summary>The map, (source height, source width, C), where it is read as it is; else null.</summary>
    public required T* Source { get; init; }

    /// <summary>The map as it is after the norm; or null where there is none.</summary>
    public required NormalRows<T>? Rows { get; init; }

    /// <summary>(K).</summary>
    public required T* Bias { get; init; }

    /// <summary>What is added, (height, width, K), or null.</summary>
    public required T* Residual { get; init; }

    /// <summary>What is computed and added, or null.</summary>
    public required ShortcutRows<T>? Shortcut { get; init; }

    /// <summary>(height, width, K), written.</summary>
    public required T* Target { get; init; }
}
