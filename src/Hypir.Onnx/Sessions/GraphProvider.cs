namespace Hypir.Onnx.Sessions;

/// <summary>What computes a graph within ONNX Runtime: its CPU kernels, or one of its providers for GPUs.</summary>
/// <param name="Name">The provider's name in ONNX Runtime, or null for the CPU.</param>
/// <param name="Index">Which of the machine's GPUs.</param>
public sealed record GraphProvider(string? Name, int Index = 0)
{
    private const string WebGpuName = "WebGPU";
    private const string DirectMlName = "DML";

    /// <summary>The CPU.</summary>
    public static GraphProvider Cpu { get; } = new(Name: null);

    /// <summary>A GPU by WebGPU: Vulkan on Linux, DirectX 12 on Windows.</summary>
    /// <param name="index">Which GPU.</param>
    public static GraphProvider WebGpu(int index = 0) => new(WebGpuName, index);

    /// <summary>A GPU by DirectML, on Windows.</summary>
    /// <param name="index">Which GPU.</param>
    public static GraphProvider DirectMl(int index = 0) => new(DirectMlName, index);

    /// <summary>The provider of a device.</summary>
    /// <param name="device">"cpu", "webgpu:N" or "directml:N".</param>
    /// <exception cref="ArgumentOutOfRangeException">No provider computes there.</exception>
    public static GraphProvider Of(string device) => DeviceName.Parse(device) switch
    {
        { Kind: DeviceKind.Cpu } => Cpu,
        { Kind: DeviceKind.WebGpu, Index: var index } => WebGpu(index),
        { Kind: DeviceKind.DirectMl, Index: var index } => DirectMl(index),
        _ => throw new ArgumentOutOfRangeException(nameof(device), device, "It does not evaluate graphs."),
    };

    /// <summary>Whether it is DirectML, which computes one operation at a time and plans no memory in advance.</summary>
    internal bool IsDirectMl => Name == DirectMlName;
}
