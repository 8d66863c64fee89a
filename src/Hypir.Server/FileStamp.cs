namespace Hypir.Server;

/// <summary>What tells that a model's files have changed: names, sizes, times.</summary>
internal static class FileStamp
{
    /// <summary>The stamp of a file or of all files in a folder.</summary>
    public static string Of(string path)
    {
        IEnumerable<FileInfo> files = File.Exists(path) ? [new(path)] : new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories);
        return string.Join('\n', files.OrderBy(file => file.FullName, StringComparer.Ordinal).Select(file => $"{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}"));
    }
}
