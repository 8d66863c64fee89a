using Hypir.Core.Files;
using Hypir.Models.Backends;
using Hypir.Models.Download;
using Hypir.Models.Store;
using Hypir.Onnx.Sessions;
using Hypir.Planning.Machine;
using Hypir.Protocol.Messages;

namespace Hypir.Server.Gpu;

/// <summary>Reports on the machine's GPU, and installs and removes the GPU backend.</summary>
/// <param name="home">Where the backend is stored.</param>
/// <param name="machine">The machine.</param>
internal sealed class GpuBackendService(ModelHome home, IMachine machine)
{
    /// <summary>Stands in for the model's name in download reports.</summary>
    public const string Model = "gpu";

    /// <summary>Where the backend for NVIDIA GPUs is stored.</summary>
    public BackendStore Store { get; } = new(home);

    /// <summary>Where the one for GPUs of any vendor is stored.</summary>
    public BackendStore AnyStore { get; } = new(home, BackendKind.AnyGpu);

    /// <summary>Where a backend is stored.</summary>
    /// <param name="kind">What it computes with.</param>
    public BackendStore StoreOf(BackendKind kind) => kind == BackendKind.AnyGpu ? AnyStore : Store;

    /// <summary>The properties of the machine that matter here.</summary>
    public GpuMachine Machine()
    {
        var driver = machine.Driver();
        return new(LibTorchChoice.Platform, driver.Version, [.. driver.Gpus.Select(gpu => (gpu.Name, gpu.ComputeCapability))]);
    }

    /// <summary>The backend that this program can use on this platform, or null if none is listed.</summary>
    /// <param name="kind">What it computes with.</param>
    /// <exception cref="Hypir.Models.StoreException">The user's own list is invalid.</exception>
    public Backend? Choose(BackendKind kind = BackendKind.Cuda)
    {
        Version needed = kind == BackendKind.AnyGpu ? Version.Parse(OnnxLibrary.Version) : NativeTorch.Needed;
        return BackendList.Load(Store.OwnList).FirstOrDefault(
            backend => backend.Kind == kind && backend.Platform == LibTorchChoice.Platform && backend.LibTorch == needed);
    }

    /// <summary>What prevents a backend from being used here; null if nothing does.</summary>
    /// <param name="kind">What it computes with.</param>
    public (string Problem, string Remedy)? ObstacleTo(BackendKind kind)
    {
        GpuMachine here = Machine();
        return Choose(kind) is not { } backend ? NoneFor(here, kind)
            : kind == BackendKind.AnyGpu ? null : here.Obstacle(backend);
    }

    /// <summary>The current state.</summary>
    public GpuStatus Status()
    {
        var machine = Machine();
        var backend = Choose();
        var installed = Store.Find(machine.Platform);
        var (next, named) = LibTorchChoice.Folder(null, home);
        named |= NativeTorch.Folder is { } used && !Path.GetFullPath(used).StartsWith(Store.Folder, StringComparison.OrdinalIgnoreCase);
        var obstacle = ObstacleTo(BackendKind.Cuda);
        long here = backend is null ? 0 : Store.BytesHere(backend);
        return new()
        {
            State =
                named ? GpuState.Named
                : installed is not null ? GpuState.Installed
                : obstacle is not null ? GpuState.Unsuitable
                : here > 0 ? GpuState.Partial
                : GpuState.Available,
            Problem = obstacle?.Problem,
            Remedy = obstacle?.Remedy,
            Driver = machine.Driver,
            Gpus = [.. machine.Gpus.Select(gpu => gpu.Name)],
            Title = installed?.Title ?? backend?.Title,
            DownloadBytes = backend?.File.Size,
            ReceivedBytes = here,
            RoomBytes = backend?.Room ?? 0,
            FreeBytes = DiskRoom.Free(Store.FolderOf("any")),
            HashKnown = backend?.File.Sha256 is not null,
            InstalledBytes = installed?.Bytes ?? 0,
            RestartNeeded = !named && NativeTorch.Folder != next,
        };
    }

    /// <summary>Installs a backend.</summary>
    /// <param name="kind">What it computes with.</param>
    /// <param name="from">An archive, folder, or address to try first; or null.</param>
    /// <param name="anyway">Whether to install even if it will not help on this machine.</param>
    /// <param name="progress">Receives progress.</param>
    /// <param name="cancellation">Cancels the installation.</param>
    /// <exception cref="GpuException">The backend would not help on this machine.</exception>
    /// <exception cref="HypirException">The backend cannot be downloaded or unpacked.</exception>
    public async Task<InstalledBackend> InstallAsync(
        BackendKind kind, string? from, bool anyway, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        Backend? backend = Choose(kind);
        if ((backend is not null && anyway ? null : ObstacleTo(kind)) is var (problem, remedy))
            throw new GpuException(problem, remedy);
        using var downloader = new Downloader();
        return await new BackendInstaller(StoreOf(kind), downloader).InstallAsync(backend!, from, progress, cancellation)
            .ConfigureAwait(false);
    }

    private static (string Problem, string Remedy) NoneFor(GpuMachine machine, BackendKind kind) => kind == BackendKind.AnyGpu
        ? (
            $"No ONNX Runtime {OnnxLibrary.Version} for {machine.Platform} is listed.",
            $"To use a library that you already have, set {AnyGpuLibrary.Variable} to its full path.")
        : (
            $"No GPU backend for {machine.Platform} with libtorch {NativeTorch.Needed} is listed.",
            "To use a libtorch that you already have, pass --libtorch FOLDER or set HYPIR_LIBTORCH.");
}

/// <summary>This machine cannot benefit from a GPU backend, or no backend is known for it.</summary>
/// <inheritdoc/>
internal sealed class GpuException(string message, string? remedy = null) : HypirException(message, remedy);
