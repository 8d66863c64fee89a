using System.Security.Cryptography;

namespace Hypir.Core.Files;

/// <summary>
/// A lock between threads and processes, held through an open file with exclusive access. The system releases it however the process ends.
/// </summary>
public sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Waits until the lock is free.</summary>
    /// <param name="path">The lock's file; its folder must be there.</param>
    /// <param name="waiting">Called once if another holder makes this call wait.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static async Task<FileLock> AcquireAsync(string path, Action? waiting, CancellationToken cancellation)
    {
        for (bool first = true; ; first = false)
        {
            if (TryOpen(path) is { } file)
                return new FileLock(file);
            if (first)
                waiting?.Invoke();
            await Task.Delay(Between, cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (IsHeld(e))
        {
            return null;
        }
    }

    /// <summary>
    /// Whether this failure means that another holder has the lock: EWOULDBLOCK on Linux, a sharing violation on Windows.
    /// </summary>
    private static bool IsHeld(IOException failure) => failure.GetType() == typeof(IOException)
        && (OperatingSystem.IsWindows() ? (failure.HResult & 0xffff) is 32 or 33 : failure.HResult is 11 or 35);
}

/// <summary>SHA-256 of files.</summary>
public static class FileHash
{
    private const int BufferBytes = 1 << 20;

    /// <summary>The hash, in lower-case hexadecimal digits.</summary>
    /// <param name="path">The file.</param>
    /// <param name="done">Receives the number of bytes read so far.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    public static async Task<string> ComputeAsync(string path, Action<long>? done, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var stream = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        var buffer = new byte[BufferBytes];
        long length = 0;
        int count;
        while ((count = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
        {
            hash.AppendData(buffer, 0, count);
            done?.Invoke(length += count);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
