using NetVips;

namespace Hypir.Imaging.Vips;

/// <summary>
/// Runs work of libvips so that the words of a failure belong to that work. The library collects words in one buffer per process, and leaves those
/// of warnings there, so the words of one file would otherwise show up in the error of another.
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
