using System.Runtime.InteropServices;
using System.Text;
using Hypir.Core.Files;
using Microsoft.Win32.SafeHandles;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Networks.Checkpoints;

/// <summary>
/// The bytes of one open weights file: read in pieces for headers, and exposed as tensors for data. libtorch maps the file (copy-on-write,
/// so that even a bug cannot modify it) once per element type; data not aligned to its element size is copied instead.
/// </summary>
internal sealed class TensorFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly string _fullPath;
    private readonly Dictionary<ScalarType, Tensor?> _mappings = [];
    private readonly Lock _lock = new();

    private TensorFile(string path, SafeFileHandle handle) =>
        (Path, _fullPath, _handle, Length) = (path, System.IO.Path.GetFullPath(path), handle, RandomAccess.GetLength(handle));

    public string Path { get; }

    public long Length { get; }

    /// <exception cref="ModelException">The file does not exist or may not be read.</exception>
    public static TensorFile Open(string path)
    {
        try
        {
            return new TensorFile(path, File.OpenHandle(RegularFile.Require(path)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelException($"{path}: there is no such file.", "Check the path.", e);
        }
        catch (Exception e) when (Directory.Exists(path))
        {
            throw new ModelException($"{path}: this is a folder, not a file of weights.", "Name the file in it.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ModelException(
                $"{path}: the file cannot be opened: {e.Message}", "Check that it is a file and that you may read it.", e);
        }
    }

    /// <summary>Opens a file and interprets it; on failure the file is closed again.</summary>
    /// <param name="path">The file.</param>
    /// <param name="interpret">Takes ownership of the open file.</param>
    /// <exception cref="ModelException">The file does not exist or may not be read.</exception>
    public static T Open<T>(string path, Func<TensorFile, T> interpret)
    {
        TensorFile file = Open(path);
        try
        {
            return interpret(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Fills the buffer from an offset in the file. The caller has checked that the bytes exist.</summary>
    public void Read(long offset, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int count = RandomAccess.Read(_handle, buffer, offset);
            if (count == 0)
                throw Error(
                    CheckpointErrorKind.Truncated, "the file was truncated while it was read.",
                    "Try again when no program is writing to it.");
            buffer = buffer[count..];
            offset += count;
        }
    }

    /// <summary>The bytes of a range known to lie inside the file.</summary>
    public byte[] Read(long offset, int count)
    {
        var bytes = new byte[count];
        Read(offset, bytes);
        return bytes;
    }

    /// <summary>
    /// A tensor over elements of the file, with the first one at byte <paramref name="offset"/>. The caller has checked the range. Not
    /// copied if the alignment allows. The caller owns the tensor.
    /// </summary>
    public Tensor View(ScalarType type, long offset, long[] shape, long[] stride)
    {
        int size = type.ElementSize();
        if (shape.Contains(0))
            return empty(shape, type);
        if (offset % size == 0 && Mapping(type) is { } mapping)
            return mapping.as_strided(shape, stride, offset / size);
        using var scope = NewDisposeScope();
        long count = 1 + shape.Zip(stride, (n, s) => (n - 1) * s).Sum();
        var copy = empty(count, type);
        TensorBytes.ForEachSpan(copy, (at, span) => Read(offset + at, span));
        return copy.as_strided(shape, stride).MoveToOuterDisposeScope();
    }

    public CheckpointException Error(CheckpointErrorKind kind, string message, string? remedy = null, Exception? inner = null) =>
        new(kind, Path, message, remedy, inner);

    public void Dispose()
    {
        foreach (var mapping in _mappings.Values)
            mapping?.Dispose();
        _mappings.Clear();
        _handle.Dispose();
    }

    // libtorch reopens the path: on Linux another file may have replaced it by then; on Windows that is impossible while this one is open.
    private string MappingPath => OperatingSystem.IsLinux() ? $"/proc/self/fd/{_handle.DangerousGetHandle()}" : _fullPath;

    private Tensor? Mapping(ScalarType type)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
            if (!_mappings.TryGetValue(type, out var mapping))
                _mappings[type] = mapping = Map(type);
            return mapping;
        }
    }

    private Tensor? Map(ScalarType type)
    {
        try
        {
            return from_file(MappingPath, shared: false, Length / type.ElementSize(), type).DetachFromDisposeScope();
        }
        catch (ExternalException)
        {
            // Not enough address space or commit limit to map the whole file: tensors are copied one by one instead.
            return null;
        }
    }
}

/// <summary>A range of a file as a forward-only stream.</summary>
internal sealed class FileRange(TensorFile file, long begin, long length) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int count = (int)Math.Min(buffer.Length, length - _position);
        file.Read(begin + _position, buffer[..count]);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>Recognizes files that users often have instead of weights, and explains the problem.</summary>
internal static class ForeignFile
{
    private const int HeadBytes = 512;

    private const string DownloadItself = "Download the file itself, with the site's download button or `git lfs pull`.";

    /// <exception cref="CheckpointException">The file is empty, a web page, a git-LFS pointer …</exception>
    public static void Refuse(TensorFile file)
    {
        if (file.Length == 0)
            throw Not(file, "the file is empty.", "Download or copy it again.");
        byte[] head = file.Read(0, (int)Math.Min(file.Length, HeadBytes));
        string text = Encoding.Latin1.GetString(head).TrimStart('ï', '»', '¿', ' ', '\t', '\r', '\n');
        if (StartsWith(text, "<!doctype html") || StartsWith(text, "<html"))
            throw Not(file, "this is a web page, not weights.", DownloadItself);
        if (StartsWith(text, "<?xml"))
            throw Not(file, "this is an XML document, perhaps a server's error message, not weights.", DownloadItself);
        if (StartsWith(text, "version https://git-lfs"))
            throw Not(file, "this is a git-LFS pointer, a placeholder for the weights.", DownloadItself);
        if (StartsWith(text, "{\"error\"") || StartsWith(text, "Entry not found") || StartsWith(text, "Invalid username"))
            throw Not(file, "this is a server's error message, not weights.", DownloadItself);
        if (head is [0x1f, 0x8b, ..])
            throw Not(file, "this is compressed with gzip.", "Unpack it first.");
        if (text.StartsWith("GGUF", StringComparison.Ordinal))
            throw Not(file, "this is a GGUF file, which is not supported.", "Take the model's safetensors files.");
        if (text.StartsWith("Rar!", StringComparison.Ordinal) || head is [0x37, 0x7a, 0xbc, 0xaf, ..])
            throw Not(file, "this is a compressed archive.", "Unpack it first.");
    }

    private static bool StartsWith(string text, string start) => text.StartsWith(start, StringComparison.OrdinalIgnoreCase);

    private static CheckpointException Not(TensorFile file, string message, string remedy) =>
        file.Error(CheckpointErrorKind.NotACheckpoint, message, remedy);
}
