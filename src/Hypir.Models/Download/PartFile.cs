using System.Security.Cryptography;
using System.Text.Json;
using Hypir.Core.Files;

namespace Hypir.Models.Download;

/// <summary>
/// The received bytes of a file. They are hashed as they arrive; those of an earlier run are hashed when the part is opened.
/// </summary>
internal sealed class PartFile : IDisposable
{
    private const int BufferBytes = 1 << 20;

    private readonly string _path, _notesPath;
    private readonly FileStream _stream;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private PartFile(string path, FileStream stream)
    {
        (_path, _notesPath, _stream) = (path, path + ".json", stream);
        Notes = PartNotes.Read(_notesPath);
    }

    /// <summary>The number of bytes here.</summary>
    public long Length { get; private set; }

    /// <summary>The most bytes that were here in this run: bytes received again after a restart do not count as progress.</summary>
    public long Furthest { get; private set; }

    /// <summary>The file's identity, or null.</summary>
    public PartNotes? Notes { get; private set; }

    /// <summary>Opens the part of a file, which may not exist yet. The caller holds the file's lock.</summary>
    public static async Task<PartFile> OpenAsync(string target, Action<long> hashed, CancellationToken cancellation)
    {
        string path = PathOf(target);
        var part = new PartFile(
            path,
            new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous)
        );
        try
        {
            var buffer = new byte[BufferBytes];
            int count;
            while ((count = await part._stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
            {
                part._hash.AppendData(buffer, 0, count);
                part.Length += count;
                hashed(part.Length);
            }

            part.Furthest = part.Length;
            return part;
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    /// <summary>The path of the part, beside its file.</summary>
    public static string PathOf(string target) => target + ".part";

    /// <summary>Appends bytes.</summary>
    public async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await _stream.WriteAsync(bytes, cancellation).ConfigureAwait(false);
        _hash.AppendData(bytes.Span);
        Length += bytes.Length;
        Furthest = Math.Max(Furthest, Length);
    }

    /// <summary>Discards the bytes: the next ones are the file's first.</summary>
    public void Clear()
    {
        _stream.SetLength(0);
        _stream.Position = 0;
        _hash.GetHashAndReset();
        Length = 0;
    }

    /// <summary>Records the file's identity.</summary>
    public void Note(PartNotes notes)
    {
        if (notes == Notes)
            return;
        notes.Write(_notesPath);
        Notes = notes;
    }

    /// <summary>SHA-256 of the bytes so far.</summary>
    public string Sha256() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Renames the complete, verified file to its target, and deletes the notes.</summary>
    public void Become(string target)
    {
        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
        File.Move(_path, target, overwrite: true);
        File.Delete(_notesPath);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        _hash.Dispose();
    }
}

/// <summary>The identity of the file that a part belongs to, which shows whether a server's response continues it.</summary>
/// <param name="Url">Its address.</param>
/// <param name="ETag">The server's strong entity tag, or null.</param>
/// <param name="LastModified">The server's date of the file if it gives no tag; or null.</param>
/// <param name="Total">Size of the whole file according to the server, or null.</param>
internal sealed record PartNotes(string Url, string? ETag, DateTimeOffset? LastModified, long? Total)
{
    /// <summary>Whether the server can be asked to continue only if the file is unchanged.</summary>
    public bool CanBeAskedFor => ETag is not null || LastModified is not null;

    /// <summary>Reads the notes; null if they are missing or invalid.</summary>
    public static PartNotes? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<PartNotes>(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the notes atomically.</summary>
    public void Write(string path) => FileReplacement.Write(path, file => JsonSerializer.Serialize(file, this));
}
