using NetVips;

namespace Hypir.Imaging.Vips;

/// <summary>
/// libvips configured for untrusted files: only the required loaders, no cache, nothing on stderr.
/// </summary>
internal static class VipsLibrary
{
    private static readonly string[] Loaders =
        ["VipsForeignLoadPng", "VipsForeignLoadJpeg", "VipsForeignLoadWebp", "VipsForeignLoadTiff", "VipsForeignLoadNsgif"];

    // More threads gain nothing here, and each one holds a strip of the image.
    private const int MostThreads = 8;

    // The state is native and process-wide, so it is set once, here.
    static VipsLibrary()
    {
        Cache.Max = 0;
        NetVips.NetVips.Concurrency = Math.Min(Environment.ProcessorCount, MostThreads);
        Operation.Block("VipsForeignLoad", true);
        foreach (string loader in Loaders)
            Operation.Block(loader, false);
        foreach (string domain in new[] { "VIPS", "GLib", "GLib-GObject" })
            Log.SetLogHandler(
                domain, Enums.LogLevelFlags.Warning | Enums.LogLevelFlags.Critical | Enums.LogLevelFlags.Message, (_, _, _) => { });
    }

    /// <summary>Call this before using the library; the work is done in the static constructor.</summary>
    internal static void Prepare()
    {
    }

    /// <summary>The library's error message, in one line.</summary>
    internal static string Words(VipsException failure)
    {
        var lines = failure.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().Take(3);
        return string.Join("; ", lines);
    }
}

/// <summary>
/// Runs libvips work so that error messages belong to that work. The library collects messages, including warnings, in one buffer per
/// process, so one file's messages could otherwise show up in another file's error.
/// </summary>
internal static class VipsGuard
{
    private static readonly ReaderWriterLockSlim Gate = new();
    private static readonly Lock Counters = new();
    private static int _running;
    private static long _begun;

    /// <summary>Runs work that uses libvips.</summary>
    /// <param name="work">The work. If it fails while other work is running, it is repeated alone; it must not call this method.</param>
    /// <exception cref="VipsException">The library failed; the message concerns this work only.</exception>
    internal static T Run<T>(Func<T> work)
    {
        bool alone = true;
        try
        {
            return Beside(work, ref alone);
        }
        catch (VipsException)
        {
            // An exception filter would run before the work is counted as ended.
            if (alone)
                throw;
        }
        // The failure may contain messages of other work.
        Gate.EnterWriteLock();
        try
        {
            Clear();
            return work();
        }
        finally
        {
            Gate.ExitWriteLock();
        }
    }

    private static T Beside<T>(Func<T> work, ref bool alone)
    {
        Gate.EnterReadLock();
        long begun;
        lock (Counters)
        {
            alone = ++_running == 1;
            begun = ++_begun;
            if (alone)
                Clear();
        }
        try
        {
            return work();
        }
        finally
        {
            lock (Counters)
            {
                _running--;
                alone &= begun == _begun;
            }
            Gate.ExitReadLock();
        }
    }

    // Creating a VipsException empties the message buffer.
    private static void Clear() => _ = new VipsException("");
}
