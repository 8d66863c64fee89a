using Hypir.Models.Backends;
using Hypir.Onnx.SelfTests;
using Hypir.Planning.Machine;
using Hypir.Protocol.Messages;
using Hypir.Server.Gpu;

namespace Hypir.Engine.Commands;

/// <summary>Sentences about GPUs and what computes on them.</summary>
internal static class GpuReport
{
    // Of PyTorch's archive for CUDA 12.8, whose own size is known once it is downloaded.
    private const string AboutCuda = "about 2.5 GB";

    /// <summary>What <c>hypir gpu install</c> can install on this machine, and why not the rest.</summary>
    public static IEnumerable<string> Offers(GpuBackendService keeper)
    {
        yield return "Choose what fits this machine:";
        if (keeper.ObstacleTo(BackendKind.AnyGpu) is null)
            yield return $"  hypir gpu install any     any GPU ({SizeOf(keeper.Choose(BackendKind.AnyGpu)!, "")}), experimental";
        if (keeper.ObstacleTo(BackendKind.Cuda) is null)
            yield return $"  hypir gpu install cuda    NVIDIA with CUDA ({SizeOf(keeper.Choose()!, AboutCuda)}), faster where it works";
        foreach (BackendKind kind in Enum.GetValues<BackendKind>())
            if (keeper.ObstacleTo(kind) is var (problem, remedy))
                yield return $"Not {(kind == BackendKind.AnyGpu ? "any" : "cuda")}: {problem} {remedy}";
    }

    /// <summary>Sentences about the backend for NVIDIA GPUs.</summary>
    public static IEnumerable<string> Describe(GpuStatus status)
    {
        yield return status.Driver is { } driver
            ? $"NVIDIA driver {driver}; {(status.Gpus.Count > 0 ? string.Join(", ", status.Gpus) : "no GPU")}"
            : "NVIDIA driver: none";
        yield return "GPU backend: " + status.State switch
        {
            GpuState.Installed => $"{status.Title} is installed, {Sizes.Of(status.InstalledBytes)}",
            GpuState.Named =>
                $"libtorch is loaded as {LibTorchChoice.Variable} or --libtorch specifies: {NativeTorch.Folder ?? "beside the program"}",
            GpuState.Partial => $"not installed; {Sizes.Of(status.ReceivedBytes)} downloaded so far: `hypir gpu install cuda` resumes",
            GpuState.Available =>
                $"not installed; `hypir gpu install cuda` downloads {status.Title} ("
                + (status.DownloadBytes is { } bytes ? Sizes.Of(bytes) : "size unknown until downloaded")
                + $"; {Sizes.Of(status.RoomBytes)} should be free)",
            _ => "not installed",
        };
        if (status.Problem is { } problem)
            yield return $"{problem} {status.Remedy}";
        if (status.FreeBytes is { } free && status.State is GpuState.Available or GpuState.Partial)
            yield return $"{Sizes.Of(free)} are free there";
    }

    /// <summary>Sentences about GPUs of any vendor.</summary>
    /// <param name="keeper">What is installed.</param>
    /// <param name="graphs">The library in use; null if there is none.</param>
    public static IEnumerable<string> OfAny(GpuBackendService keeper, GraphFacts? graphs)
    {
        if (graphs is not null)
        {
            foreach (string line in Devices(graphs))
                yield return line;
            yield break;
        }

        Backend? backend = keeper.Choose(BackendKind.AnyGpu);
        long here = backend is null ? 0 : keeper.AnyStore.BytesHere(backend);
        yield return "Any GPU: " + (backend is null ? "nothing is listed for this system"
            : here > 0 ? $"not installed; {Sizes.Of(here)} downloaded so far: `hypir gpu install any` resumes"
            : $"not installed; `hypir gpu install any` downloads {backend.Title} ({SizeOf(backend, "")})");
    }

    /// <summary>The library, the GPUs that drivers name, and the providers with their self-tests.</summary>
    public static IEnumerable<string> Devices(GraphFacts graphs)
    {
        yield return $"ONNX Runtime {graphs.Version} for GPUs of any vendor (experimental): {graphs.Place.Library}"
            + (File.Exists(graphs.Place.Library) ? "" : ", MISSING");
        IReadOnlyList<GpuAdapter> adapters = graphs.Adapters();
        if (adapters.Count == 0)
            yield return "no driver for Vulkan (Linux) or DirectX 12 (Windows) names a GPU";
        foreach (GpuAdapter adapter in adapters)
        {
            string memory = adapter.Memory > 0 ? $"{Sizes.Of(adapter.Memory)} of memory" : "its memory is unknown";
            yield return $"{adapter.Identity}, {memory}"
                + (adapter.BindingLimit is { } limit ? $", binds {Sizes.Of(limit)}" : "")
                + (adapter.IsSoftware ? ", a program on the CPU" : "");
        }

        foreach (string device in graphs.Devices)
            yield return graphs.TestOf(device) is { } test
                ? SelfTestGate.Describe(test)
                : $"{device}: not tested yet; its first use or `hypir gpu test` does it";
    }

    private static string SizeOf(Backend backend, string otherwise) =>
        backend.File.Size is { } bytes ? $"about {Sizes.Of(bytes)}" : otherwise;
}
