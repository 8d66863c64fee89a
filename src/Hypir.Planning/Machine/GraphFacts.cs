namespace Hypir.Planning.Machine;

/// <summary>ONNX Runtime's native library with providers for GPUs of any vendor, which evaluates networks as graphs.</summary>
/// <param name="Library">The library's full path.</param>
/// <param name="Program">The full path of the program whose processes evaluate graphs; empty for this process.</param>
public sealed record GraphPlace(string Library, string Program = "")
{
    /// <summary>Bytes that every WebGPU adapter can bind as one buffer.</summary>
    public const long LeastBinding = 128L << 20;

    /// <summary>Elements that a tensor may have on the GPU, which binds each as one buffer of float32.</summary>
    public long Limit { get; init; } = LeastBinding / sizeof(float);

    /// <summary>The file that remembers which GPUs passed their self-test; empty to use GPUs without one.</summary>
    public string Tests { get; init; } = "";

    /// <summary>What identifies the GPU and its driver, for that file.</summary>
    public string Adapter { get; init; } = "";
}

/// <summary>What a plan needs to know about GPUs of any vendor.</summary>
/// <param name="Place">The library.</param>
/// <param name="Devices">The devices that its providers open, the preferred first, such as <c>webgpu:0</c>.</param>
/// <param name="LargestTensor">Elements of the largest tensor in the graphs of a plan's networks.</param>
public sealed record GraphFacts(GraphPlace Place, IReadOnlyList<string> Devices, Func<RestorePlan, long> LargestTensor)
{
    /// <summary>ONNX Runtime's version.</summary>
    public string Version { get; init; } = "";

    /// <summary>Finds the GPUs that the system's drivers name, in their order. It may start a process.</summary>
    public Func<IReadOnlyList<GpuAdapter>> Adapters { get; init; } = () => [];

    /// <summary>The GPUs that a device may stand for: one by its index for DirectML; any for WebGPU, which chooses by itself.</summary>
    /// <param name="device">A device, such as <c>webgpu:0</c>.</param>
    public IReadOnlyList<GpuAdapter> AdaptersOf(string device)
    {
        IReadOnlyList<GpuAdapter> all = Adapters();
        return DeviceName.Parse(device) is { Kind: DeviceKind.DirectMl, Index: var index }
            ? index < all.Count ? [all[index]] : []
            : all;
    }

    /// <summary>What identifies a device's GPU and driver.</summary>
    /// <param name="device">A device.</param>
    public string IdentityOf(string device) => string.Join("; ", AdaptersOf(device).Select(adapter => adapter.Identity));

    /// <summary>The library for a device, with what its GPU can bind.</summary>
    /// <param name="device">A device.</param>
    public GraphPlace PlaceOf(string device) =>
        Place with { Adapter = IdentityOf(device), Limit = LimitOf(AdaptersOf(device)) ?? Place.Limit };

    /// <summary>The remembered self-test of a device; null if it was not tested with this driver and library yet.</summary>
    /// <param name="device">A device.</param>
    public GpuTest? TestOf(string device) => Place.Tests.Length == 0 ? null
        : new GpuTestBook(Place.Tests).Find(device, IdentityOf(device), Version);

    /// <summary>
    /// Elements that the GPUs can bind as one buffer of float32: the least of them, since WebGPU does not say which it took; null if one of
    /// them is not known.
    /// </summary>
    private static long? LimitOf(IReadOnlyList<GpuAdapter> adapters)
    {
        // WebGPU's own arithmetic with offsets ends at 2 GiB.
        const long Most = 1L << 31;
        return adapters.Count == 0 || adapters.Any(adapter => adapter.BindingLimit is null)
            ? null
            : Math.Clamp(adapters.Min(adapter => adapter.BindingLimit!.Value), GraphPlace.LeastBinding, Most) / sizeof(float);
    }
}
