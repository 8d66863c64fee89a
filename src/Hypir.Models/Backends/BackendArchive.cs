using System.IO.Compression;
using Hypir.Models.Download;

namespace Hypir.Models.Backends;

/// <summary>Takes out of libtorch's archive what runs: the libraries of its folder <c>lib</c>, and its version. Headers and import libraries stay in it.</summary>
internal static class BackendArchive
{
    private const string VersionFile = "build-version";
    private const int BufferBytes = 1 << 20;

    /// <summary>Unpacks; the folder is made anew.</summary>
    /// <returns>Bytes of the libraries.</returns>
    /// <exception cref="InvalidDataException">The archive is damaged.</exception>
    /// <exception cref="DownloadException">There is too little space.</exception>
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
            // Names alone: whatever path an archive gives, nothing is written elsewhere.
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

    /// <summary>The version that an unpacked libtorch tells of itself (its file says "2.10.0+cu128"), or null.</summary>
    public static Version? VersionIn(string folder)
    {
        string path = Path.Combine(folder, VersionFile);
        return File.Exists(path) && Version.TryParse(File.ReadAllText(path).Trim().Split('+')[0], out var version) ? version : null;
    }

    private static bool IsWanted(ZipArchiveEntry entry)
    {
        string[] parts = entry.FullName.Split('/', '\\');
        return entry.Name == VersionFile
            || (parts.Length > 1 && parts[^2] == "lib" && (entry.Name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) || entry.Name.EndsWith(".so", StringComparison.Ordinal) || entry.Name.Contains(".so.", StringComparison.Ordinal)));
    }
}
