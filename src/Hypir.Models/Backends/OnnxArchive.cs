using System.Formats.Tar;
using System.IO.Compression;
using Hypir.Models.Download;
using Hypir.Models.Manifests;

namespace Hypir.Models.Backends;

/// <summary>
/// Extracts ONNX Runtime's native libraries from the npm package that holds them for all systems: only those of one system, and what the
/// package says about its terms.
/// </summary>
public static class OnnxArchive
{
    /// <summary>The file with the terms of all libraries.</summary>
    public const string Licenses = "LICENSES.txt";

    private const string Prefix = "package/";
    private const int BufferBytes = 1 << 20;

    /// <summary>The library that a program loads, on its platform.</summary>
    /// <param name="platform">The runtime, such as <c>win-x64</c>.</param>
    public static string LibraryFor(string platform) => FilesFor(platform)[0];

    /// <summary>The files that a platform needs, the library that a program loads first.</summary>
    /// <param name="platform">The runtime, such as <c>win-x64</c>.</param>
    internal static IReadOnlyList<string> FilesFor(string platform) => platform.StartsWith("win-", StringComparison.Ordinal)
        ? ["onnxruntime.dll", "DirectML.dll", "dxcompiler.dll", "dxil.dll"]
        : ["libonnxruntime.so.1"];

    /// <summary>Unpacks into a new, empty folder.</summary>
    /// <returns>Bytes of the libraries.</returns>
    /// <exception cref="InvalidDataException">The archive is damaged.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal static long Unpack(
        string archive, string folder, string platform, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        var watch = new DownloadWatch(archive, progress, TimeProvider.System);
        watch.Tell(DownloadStage.Unpacking, 0);
        long done = 0;
        byte[] buffer = new byte[BufferBytes];
        try
        {
            using FileStream packed = File.OpenRead(archive);
            using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
            using var tar = new TarReader(unpacked);
            while (tar.GetNextEntry() is { } entry)
            {
                cancellation.ThrowIfCancellationRequested();
                if (NameOf(entry, platform) is not { } name || entry.DataStream is not { } content)
                    continue;
                using FileStream file = File.Create(Path.Combine(folder, name));
                for (int count; (count = content.Read(buffer)) > 0;)
                {
                    cancellation.ThrowIfCancellationRequested();
                    file.Write(buffer, 0, count);
                    watch.Advance(DownloadStage.Unpacking, done += count);
                }
            }
        }
        catch (EndOfStreamException failure)
        {
            throw new InvalidDataException("it is cut off.", failure);
        }

        File.WriteAllText(Path.Combine(folder, Licenses), YamlList.BuiltIn("onnxruntime-licenses.txt"));
        watch.Tell(DownloadStage.Unpacking, done);
        return done;
    }

    /// <summary>
    /// The name under which a file of the archive is kept; null if it is not. Its whole path must be the expected one, so an archive's
    /// paths cannot write anywhere else.
    /// </summary>
    private static string? NameOf(TarEntry entry, string platform)
    {
        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
            return null;
        string[] system = platform.Replace("win-", "win32-", StringComparison.Ordinal).Split('-');
        string folder = $"{Prefix}bin/napi-v6/{system[0]}/{system[^1]}/";
        foreach (string file in FilesFor(platform))
            if (entry.Name == folder + file)
                return file;
        foreach (string notice in (string[])["LICENSE", "ThirdPartyNotices.txt", "package.json"])
            if (entry.Name == Prefix + notice)
                return notice;
        return null;
    }
}
