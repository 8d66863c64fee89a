using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;

namespace Hypir.Protocol.Pixels;

/// <summary>
/// Files for passing pixels between processes. They are read and written in blocks that stay in the processor's cache: the system's page
/// cache is the memory that both sides share. A memory mapping would save nothing, and would crash the process if the disk is full or the
/// file is truncated.
/// </summary>
public static partial class PixelFile
{
    private const int BlockBytes = 1 << 20;

    /// <summary>A new name for a file owned by a process.</summary>
    /// <param name="processId">The process that will write it.</param>
    public static string NewName(int processId) => string.Create(CultureInfo.InvariantCulture, $"{processId}-{Guid.NewGuid():N}.px");

    /// <summary>Whether a name could come from <see cref="NewName"/>, so that it refers to nothing outside the folder.</summary>
    /// <param name="name">An untrusted name.</param>
    public static bool IsName(string name) => Name().IsMatch(name);

    /// <summary>The process that owns a file, or null if the name is invalid.</summary>
    /// <param name="name">A file's name.</param>
    public static int? OwnerOf(string name) =>
        IsName(name)
        && int.TryParse(
            name.AsSpan(0, name.IndexOf('-', StringComparison.Ordinal)), NumberStyles.None, CultureInfo.InvariantCulture, out int owner)
            ? owner
            : null;

    /// <summary>Writes a file; a partial one is deleted.</summary>
    /// <param name="path">The file; it must not exist.</param>
    /// <param name="header">Its header.</param>
    /// <param name="pixels">Provides the rows, top to bottom.</param>
    /// <param name="cancellation">Checked between blocks.</param>
    /// <exception cref="IOException">The disk is full, or the folder does not exist.</exception>
    public static void Write(string path, PixelHeader header, RowReader pixels, CancellationToken cancellation = default) =>
        Write(
            path,
            () =>
            {
                SafeFileHandle file = File.OpenHandle(
                    path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, preallocationSize: PixelHeader.Bytes + header.DataBytes);
                if (!OperatingSystem.IsWindows())
                    File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                return file;
            },
            header,
            pixels,
            cancellation
        );

    /// <summary>
    /// Overwrites a file, whatever its content: the system then need not allocate memory for it, which takes several times as long as the
    /// pixels themselves, and on virtual machines many times. A partial file is deleted.
    /// </summary>
    /// <param name="path">The file; it must exist.</param>
    /// <param name="header">Its new header.</param>
    /// <param name="pixels">Provides the rows, top to bottom.</param>
    /// <param name="cancellation">Checked between blocks.</param>
    /// <exception cref="InvalidDataException">It is a link, or not a file.</exception>
    /// <exception cref="IOException">The disk is full, or the file does not exist.</exception>
    public static void Replace(string path, PixelHeader header, RowReader pixels, CancellationToken cancellation = default)
    {
        RequireFile(path);
        Write(
            path,
            () =>
            {
                SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.Read);
                RandomAccess.SetLength(file, PixelHeader.Bytes + header.DataBytes);
                return file;
            },
            header, pixels, cancellation);
    }

    private static void Write(string path, Func<SafeFileHandle> open, PixelHeader header, RowReader pixels, CancellationToken cancellation)
    {
        try
        {
            using SafeFileHandle file = open();
            byte[] block = new byte[Math.Max(RowsPerBlock(header) * header.RowBytes, PixelHeader.Bytes)];
            header.Write(block);
            RandomAccess.Write(file, block.AsSpan(0, PixelHeader.Bytes), 0);
            foreach ((int row, int count) in Blocks(header))
            {
                cancellation.ThrowIfCancellationRequested();
                Span<byte> rows = block.AsSpan(0, count * header.RowBytes);
                pixels(row, rows);
                RandomAccess.Write(file, rows, PixelHeader.Bytes + (long)row * header.RowBytes);
            }
        }
        catch
        {
            Delete(path);
            throw;
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="open">Receives the header and returns the receiver of the rows, top to bottom.</param>
    /// <param name="cancellation">Checked between blocks.</param>
    /// <exception cref="InvalidDataException">It is not a pixel file, or is truncated.</exception>
    /// <exception cref="IOException">It does not exist or cannot be read.</exception>
    public static void Read(string path, Func<PixelHeader, RowWriter> open, CancellationToken cancellation = default)
    {
        RequireFile(path);
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> head = stackalloc byte[PixelHeader.Bytes];
        var header = PixelHeader.Read(head[..RandomAccess.Read(file, head, 0)], RandomAccess.GetLength(file));
        RowWriter pixels = open(header);
        byte[] block = new byte[RowsPerBlock(header) * header.RowBytes];
        foreach ((int row, int count) in Blocks(header))
        {
            cancellation.ThrowIfCancellationRequested();
            Span<byte> rows = block.AsSpan(0, count * header.RowBytes);
            Fill(file, rows, PixelHeader.Bytes + (long)row * header.RowBytes);
            pixels(row, rows);
        }
    }

    /// <summary>Deletes a file if it exists; on failure, the next engine removes it.</summary>
    /// <param name="path">The file.</param>
    public static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It is still being read, or the folder is gone.
        }
    }

    private static void RequireFile(string path)
    {
        if (File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint))
            throw new InvalidDataException("It is a link.");
        // Pipes and devices have no length, and opening one could block forever.
        if (new FileInfo(path).Length == 0)
            throw new InvalidDataException("It is empty, or not a file.");
    }

    private static int RowsPerBlock(PixelHeader header) => Math.Clamp(BlockBytes / header.RowBytes, 1, header.Height);

    private static IEnumerable<(int Row, int Count)> Blocks(PixelHeader header)
    {
        int step = RowsPerBlock(header);
        for (int row = 0; row < header.Height; row += step)
            yield return (row, Math.Min(step, header.Height - row));
    }

    private static void Fill(SafeFileHandle file, Span<byte> rows, long offset)
    {
        for (int done = 0; done < rows.Length;)
        {
            int read = RandomAccess.Read(file, rows[done..], offset + done);
            if (read == 0)
                throw new InvalidDataException("It is cut off.");
            done += read;
        }
    }

    [GeneratedRegex(@"^[0-9]{1,10}-[0-9a-f]{32}\.px\z")]
    private static partial Regex Name();
}

/// <summary>Provides pixels by filling whole rows.</summary>
/// <param name="firstRow">The first row.</param>
/// <param name="rows">Its bytes and those of the following rows, as many as fit.</param>
public delegate void RowReader(int firstRow, Span<byte> rows);

/// <summary>Receives pixels in whole rows.</summary>
/// <param name="firstRow">The first row.</param>
/// <param name="rows">Its bytes and those of the following rows.</param>
public delegate void RowWriter(int firstRow, ReadOnlySpan<byte> rows);
