using System.Globalization;

namespace Hypir.Planning.Machine;

/// <summary>
/// Memory that Linux control groups (containers, services, batch systems) allow this process. The runtime reports only three quarters of
/// it, meant for its own heap.
/// </summary>
internal static class ControlGroup
{
    /// <summary>Bytes that the process's groups leave to it; null if none sets a limit.</summary>
    /// <param name="root">The root of the file system.</param>
    public static long? Free(string root = "/")
    {
        try
        {
            return File.ReadLines(Path.Combine(root, "proc/self/cgroup")).SelectMany(line => Groups(root, line)).Min();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // Another system than Linux, or /proc is hidden.
        }
    }

    /// <summary>A line is "0::/path" in version 2 and "4:memory:/path" in version 1.</summary>
    private static IEnumerable<long?> Groups(string root, string line)
    {
        if (line.Split(':', 3) is not [_, var controllers, var path])
            yield break;
        bool second = controllers.Length == 0;
        if (!second && !controllers.Split(',').Contains("memory"))
            yield break;
        string all = Path.Combine(root, "sys/fs/cgroup"), mounted = Path.Combine(all, second ? "unified" : "memory");
        if (second && !Directory.Exists(mounted))
            mounted = all;
        // Within a container the path may be the host's while the container's own group is mounted: if the path does not exist, try its
        // parents.
        for (string group = path.Trim('/'); ; group = Path.GetDirectoryName(group) ?? "")
        {
            string folder = Path.Combine(mounted, group);
            yield return second
                ? Left(folder, "memory.max", "memory.current", "inactive_file")
                : Left(folder, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file");
            if (group.Length == 0)
                yield break;
        }
    }

    private static long? Left(string folder, string limit, string usage, string cache)
    {
        if (
            Number(Path.Combine(folder, limit)) is not long most
            || Number(Path.Combine(folder, usage)) is not long used
            || most >= long.MaxValue / 2
        )
            return null;
        string statistics = Path.Combine(folder, "memory.stat");
        // Inactive file cache can be reclaimed at once.
        string? given = File.Exists(statistics)
            ? File.ReadLines(statistics).FirstOrDefault(line => line.StartsWith(cache + " ", StringComparison.Ordinal))
            : null;
        long back = long.TryParse(given.AsSpan(given is null ? 0 : cache.Length), CultureInfo.InvariantCulture, out long bytes) ? bytes : 0;
        return Math.Max(0, most - used + back);
    }

    /// <summary>The number in a file; null if there is no file, or if it says "max".</summary>
    private static long? Number(string file) =>
        File.Exists(file) && long.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out long number) ? number : null;
}
