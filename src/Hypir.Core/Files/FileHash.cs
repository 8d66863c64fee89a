using System.Security.Cryptography;

namespace Hypir.Core.Files;

/// <summary>SHA-256 of files.</summary>
public static class FileHash
{
    private const int BufferBytes = 1 << 20;

    /// <summary>The hash, in lower-case hexadecimal digits.</summary>
    /// <param name="path">The file.</param>
    /// <param name="done">Is told how many bytes have been read.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<string> ComputeAsync(string path, Action<long>? done, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
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
