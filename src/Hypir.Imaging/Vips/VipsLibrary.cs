using NetVips;

namespace Hypir.Imaging.Vips;

/// <summary>
/// libvips with the settings that suit files of strangers: only the loaders that are wanted, no cache, no words on stderr.
/// </summary>
internal static class VipsLibrary
{
    private static readonly string[] Loaders =
        ["VipsForeignLoadPng", "VipsForeignLoadJpeg", "VipsForeignLoadWebp", "VipsForeignLoadTiff", "VipsForeignLoadNsgif"];

    // More threads than this gain nothing here, and each holds a strip of the image.
    private const int MostThreads = 8;

    // The state is the native library's own and of the whole process, so it is set once, here.
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

    /// <summary>Called before the library is used; its work is done in the static constructor.</summary>
    internal static void Prepare()
    {
    }

    /// <summary>The library's words on a failure, in one line.</summary>
    internal static string Words(VipsException failure)
    {
        var lines = failure.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().Take(3);
        return string.Join("; ", lines);
    }
}

/// <summary>
/// Runs work of libvips so that the words of a failure belong to that work. The library collects words in one buffer per process, and
/// leaves those of warnings there, so the words of one file would otherwise show up in the error of another.
/// </summary>
internal static class VipsGuard
{
    private static readonly ReaderWriterLockSlim Gate = new();
    private static readonly Lock Counters = new();
    private static int _running;
    private static long _begun;

    /// <summary>Runs work that uses libvips.</summary>
    /// <param name="work">It is done a second time, alone, if it failed while other work was being done; it must not call this method.</param>
    /// <exception cref="VipsException">The library failed; its words are about this work only.</exception>
    internal static T Run<T>(Func<T> work)
    {
        bool alone = true;
        try
        {
            return Beside(work, ref alone);
        }
        catch (VipsException)
        {
            // A filter of the catch clause would run before the work is counted as ended.
            if (alone)
                throw;
        }
        // Words of others may be among those of the failure.
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

    // An exception of the library takes the words out of the buffer when it is made.
    private static void Clear() => _ = new VipsException("");
}
