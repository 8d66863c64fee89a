using System.IO.Compression;
using System.Security.Cryptography;
using Hypir.Core.Files;
using Hypir.Models.Download;
using Hypir.Planning.Machine;

namespace Hypir.Models.Backends;

/// <summary>
/// Downloads a backend's archive and unpacks its libraries, so that the backend counts as installed only when all of them are.
/// </summary>
/// <param name="store">Where to install it.</param>
/// <param name="downloader">Downloads the archive.</param>
public sealed class BackendInstaller(BackendStore store, Downloader downloader)
{
    /// <summary>Downloads and unpacks a backend; an installed one is left unchanged.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="from">The archive, or a folder or address to try before the list's sources; or null.</param>
    /// <param name="progress">Receives progress reports.</param>
    /// <param name="cancellation">Cancels the installation; the downloaded part of the archive is kept.</param>
    /// <exception cref="StoreException">The archive has the wrong content, or cannot be unpacked.</exception>
    /// <exception cref="DownloadException">It cannot be downloaded, or there is not enough space.</exception>
    public async Task<InstalledBackend> InstallAsync(
        Backend backend, string? from, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        if (store.Find(backend.Platform) is { } there && there.Name == backend.Name)
            return there;
        string archive = store.ArchiveOf(backend);
        var sources = SourceChoice.With(backend.File, from);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(archive)!);
            // Check now, rather than fail after a download of three gigabytes.
            DiskSpace.Require(Path.Combine(store.Folder, backend.Name), backend.Room - store.BytesHere(backend));
            var result = await downloader
                .DownloadAsync(new(archive, sources, backend.File.Size, backend.File.Sha256), progress, cancellation)
                .ConfigureAwait(false);
            using (await FileLock.AcquireAsync(store.LockPath, null, cancellation).ConfigureAwait(false))
            {
                if (store.Find(backend.Platform) is { } meanwhile && meanwhile.Name == backend.Name)
                    return meanwhile;
                store.Sweep(downloads: false);
                return Unpack(backend, archive, result, progress, cancellation);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskSpace.CannotWrite(store.FolderOf(backend.Name), e);
        }
    }

    private InstalledBackend Unpack(
        Backend backend, string archive, DownloadResult result, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        string folder = store.FolderOf(backend.Name), unpacking = $"{folder}.unpacking";
        long bytes;
        try
        {
            if (backend.Sha512 is { } expected && !Has(archive, expected))
                throw new InvalidDataException("its SHA-512 is not the one that its registry published.");
            bytes = backend.Kind == BackendKind.AnyGpu
                ? OnnxArchive.Unpack(archive, unpacking, backend.Platform, progress, cancellation)
                : BackendArchive.Unpack(archive, unpacking, progress, cancellation);
        }
        catch (InvalidDataException e)
        {
            File.Delete(archive);
            throw new StoreException(
                $"{backend.File.Path} is damaged: {e.Message}", "It was deleted; install again to download it once more.", e);
        }

        if (!Holds(unpacking, backend))
        {
            Directory.Delete(unpacking, recursive: true);
            string missing = $"{(backend.Kind == BackendKind.AnyGpu ? "ONNX Runtime" : "libtorch")} {backend.LibTorch}";
            throw new StoreException(
                $"{backend.File.Path} does not contain {missing}.",
                "The list of backends names another file than it should (docs/install.md).");
        }

        var installed = new InstalledBackend(
            1, backend.Name, backend.Title, backend.Platform, backend.LibTorch.ToString(), bytes, backend.File.Path, result.Sha256,
            backend.File.Sha256 is not null, result.Source?.ToString(), DateTimeOffset.UtcNow);
        BackendStore.Remember(unpacking, installed);
        if (Directory.Exists(folder))
            throw new StoreException(
                $"{folder} is still in use by a program that runs.",
                "End Hypir's engine (close Paint.NET) and install again: the archive is kept.");
        Directory.Move(unpacking, folder);
        // The archive is as large as the libraries themselves.
        File.Delete(archive);
        return installed;
    }

    /// <summary>Whether a folder holds a backend's libraries. ONNX Runtime's version is checked whenever it is loaded.</summary>
    private static bool Holds(string folder, Backend backend) => backend.Kind == BackendKind.AnyGpu
        ? OnnxArchive.FilesFor(backend.Platform).All(file => File.Exists(Path.Combine(folder, file)))
        : NativeTorch.Find(folder) is not null
            && (BackendArchive.VersionIn(folder) is not { } version || version == backend.LibTorch);

    private static bool Has(string archive, string sha512)
    {
        using FileStream file = File.OpenRead(archive);
        return Convert.ToBase64String(SHA512.HashData(file)) == sha512;
    }
}

/// <summary>
/// Extracts the runtime part of libtorch's archive: the libraries in its folder <c>lib</c>, and its version. Headers and import libraries
/// are skipped.
/// </summary>
internal static class BackendArchive
{
    private const string VersionFile = "build-version";
    private const int BufferBytes = 1 << 20;

    /// <summary>Unpacks into a new, empty folder.</summary>
    /// <returns>Bytes of the libraries.</returns>
    /// <exception cref="InvalidDataException">The archive is damaged.</exception>
    /// <exception cref="DownloadException">There is not enough space.</exception>
    public static long Unpack(string archive, string folder, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        using var zip = ZipFile.OpenRead(archive);
        ZipArchiveEntry[] wanted = [.. zip.Entries.Where(IsWanted)];
        long total = wanted.Sum(entry => entry.Length), done = 0;
        DiskSpace.Require(folder, total);
        Directory.CreateDirectory(folder);
        var watch = new DownloadWatch(archive, progress, TimeProvider.System) { Total = total };
        watch.Tell(DownloadStage.Unpacking, 0);
        var buffer = new byte[BufferBytes];
        foreach (var entry in wanted)
        {
            // Only the file name is used, so an archive's paths cannot write anywhere else.
            using var from = entry.Open();
            using var to = File.Create(Path.Combine(folder, entry.Name));
            int count;
            while ((count = from.Read(buffer)) > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                to.Write(buffer, 0, count);
                watch.Advance(DownloadStage.Unpacking, done += count);
            }
        }

        watch.Tell(DownloadStage.Unpacking, done);
        return total;
    }

    /// <summary>The version that an unpacked libtorch reports (its file says "2.10.0+cu128"), or null.</summary>
    public static Version? VersionIn(string folder)
    {
        string path = Path.Combine(folder, VersionFile);
        return File.Exists(path) && Version.TryParse(File.ReadAllText(path).Trim().Split('+')[0], out var version) ? version : null;
    }

    private static bool IsWanted(ZipArchiveEntry entry)
    {
        string[] parts = entry.FullName.Split('/', '\\');
        return entry.Name == VersionFile
            || (
                parts.Length > 1
                && parts[^2] == "lib"
                && (
                    entry.Name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
                    || entry.Name.EndsWith(".so", StringComparison.Ordinal)
                    || entry.Name.Contains(".so.", StringComparison.Ordinal)
                )
            );
    }
}
