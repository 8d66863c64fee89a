using System.Globalization;

namespace Hypir.Core;

/// <summary>A device by the name that people choose it with.</summary>
/// <param name="Kind">What computes there.</param>
/// <param name="Index">Which of several, counted from 0; 0 where the name has no number.</param>
public readonly record struct DeviceName(DeviceKind Kind, int Index = 0)
{
    /// <summary>Every name, for messages.</summary>
    public const string All = "auto, cpu, gpu, cuda, cuda:N, webgpu, webgpu:N, directml and directml:N (N counts from 0)";

    /// <summary>Reads a name.</summary>
    /// <param name="text">A name, such as <c>cuda:1</c>.</param>
    /// <returns>The device, or null if the text does not name one.</returns>
    public static DeviceName? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(':', 2);
        DeviceKind? kind = parts[0] switch
        {
            "auto" => DeviceKind.Auto,
            "cpu" => DeviceKind.Cpu,
            "gpu" => DeviceKind.Gpu,
            "cuda" => DeviceKind.Cuda,
            "webgpu" => DeviceKind.WebGpu,
            "directml" => DeviceKind.DirectMl,
            _ => null,
        };
        if (kind is not { } known || parts.Length == 1)
            return kind is { } plain ? new(plain) : null;
        return known is DeviceKind.Cuda or DeviceKind.WebGpu or DeviceKind.DirectMl
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? new(known, index) : null;
    }
}

/// <summary>What computes on a device.</summary>
public enum DeviceKind
{
    /// <summary>An NVIDIA GPU by CUDA if there is one, else a GPU of any vendor that was measured to be faster, else the CPU.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>Any GPU: by CUDA if possible, else the fastest of any vendor.</summary>
    Gpu,

    /// <summary>An NVIDIA GPU by CUDA.</summary>
    Cuda,

    /// <summary>A GPU of any vendor by WebGPU: Vulkan on Linux, DirectX 12 on Windows.</summary>
    WebGpu,

    /// <summary>A GPU of any vendor by DirectML, on Windows.</summary>
    DirectMl,
}
