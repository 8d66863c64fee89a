using Hypir.Core.Files;
using Hypir.Models.Backends;
using Hypir.Models.Download;
using Hypir.Models.Store;
using Hypir.Networks.Libraries;
using Hypir.Protocol.Messages;
using Hypir.Restoration.Planning.Machine;

namespace Hypir.Server.Gpu;

/// <summary>Tells of the machine's GPU, and brings and removes what computing on it takes.</summary>
/// <param name="home">Where it is kept.</param>
/// <param name="machine">The machine.</param>
internal sealed class GpuBackendService(ModelHome home, IMachine machine)
{
    /// <summary>What stands in reports of a download where a model's name does.</summary>
    public const string Model = "gpu";

    /// <summary>Where it is kept.</summary>
    public BackendStore Store { get; } = new(home);

    /// <summary>The machine, as far as it matters here.</summary>
    public GpuMachine Machine()
    {
        var driver = machine.Driver();
        return new(LibTorchChoice.Platform, driver.Version, [.. driver.Gpus.Select(gpu => (gpu.Name, gpu.ComputeCapability))]);
    }

    /// <summary>The backend that this program can use on this platform, or null where the list has none.</summary>
    /// <exception cref="Hypir.Models.StoreException">The person's own list is not in order.</exception>
    public Backend? Choose() =>
        BackendList
            .Load(Store.OwnList)
            .FirstOrDefault(backend => backend.Platform == LibTorchChoice.Platform && backend.LibTorch == NativeTorch.Needed);

    /// <summary>What is known.</summary>
    public GpuStatus Status()
    {
        var machine = Machine();
        var backend = Choose();
        var installed = Store.Find(machine.Platform);
        var (next, named) = LibTorchChoice.Folder(null, home);
        named |= NativeTorch.Folder is { } used && !Path.GetFullPath(used).StartsWith(Store.Folder, StringComparison.OrdinalIgnoreCase);
        var obstacle = backend is null ? NoneFor(machine) : machine.Obstacle(backend);
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

    /// <summary>Installs.</summary>
    /// <param name="from">The archive, a folder or an address that is tried first; or null.</param>
    /// <param name="anyway">Whether also where it will not help.</param>
    /// <param name="progress">Is told how it goes.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="GpuException">It would not help.</exception>
    /// <exception cref="HypirException">It cannot be downloaded or unpacked.</exception>
    public async Task<InstalledBackend> InstallAsync(
        string? from, bool anyway, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        var machine = Machine();
        var backend = Choose();
        if ((backend is null ? NoneFor(machine) : anyway ? null : machine.Obstacle(backend)) is var (problem, remedy))
            throw new GpuException(problem, remedy);
        using var downloader = new Downloader();
        return await new BackendInstaller(Store, downloader).InstallAsync(backend!, from, progress, cancellation).ConfigureAwait(false);
    }

    private static (string Problem, string Remedy) NoneFor(GpuMachine machine) =>
        (
            $"There is no GPU backend for {machine.Platform} with libtorch {NativeTorch.Needed} in the list.",
            "A libtorch that you have can be used: --libtorch FOLDER, or HYPIR_LIBTORCH.");
}

/// <summary>This machine has no use for a GPU backend, or none is known for it.</summary>
/// <inheritdoc/>
internal sealed class GpuException(string message, string? remedy = null) : HypirException(message, remedy);
