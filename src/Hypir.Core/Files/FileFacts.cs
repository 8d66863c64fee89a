using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Hypir.Core.Files;

/// <summary>
/// File-system facts about a path, links followed. .NET exposes neither file numbers nor the difference between a pipe and a file.
/// </summary>
/// <param name="Volume">Number of the volume.</param>
/// <param name="File">Number of the file on its volume.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
/// <param name="IsRegular">Whether it is a regular file rather than a folder, pipe, socket or device.</param>
public readonly partial record struct FileFacts(ulong Volume, UInt128 File, bool IsFolder, bool IsRegular)
{
    private const int WorkingFolder = -100;
    private const uint TypeAndNumber = 0x101;
    private const int StatxBytes = 256;
    private const int TypeMask = 0xf000, FolderType = 0x4000, RegularType = 0x8000;

    private const uint ShareAll = 7, OpenExisting = 3, BackupSemantics = 0x02000000, FolderAttribute = 0x10, DiskType = 1;
    private const int FileIdInfo = 18, FileIdInfoBytes = 24, HandleInformationBytes = 52, LongPath = 260;

    /// <summary>Reads the facts about a path; null if nothing is there, access fails, or the file system has no such numbers.</summary>
    public static FileFacts? Of(string path)
    {
        try
        {
            return OperatingSystem.IsWindows() ? OnWindows(path) : OperatingSystem.IsLinux() ? OnLinux(path) : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Uses statx because, unlike stat, it has the same layout on all processors.</summary>
    private static FileFacts? OnLinux(string path)
    {
        Span<byte> found = stackalloc byte[StatxBytes];
        if (StatX(WorkingFolder, path, 0, TypeAndNumber, found) != 0)
            return null;
        int type = MemoryMarshal.Read<ushort>(found[28..]) & TypeMask;
        ulong volume = ((ulong)MemoryMarshal.Read<uint>(found[136..]) << 32) | MemoryMarshal.Read<uint>(found[140..]);
        return new(volume, MemoryMarshal.Read<ulong>(found[32..]), type == FolderType, type == RegularType);
    }

    private static FileFacts? OnWindows(string path)
    {
        if (path.Length >= LongPath && !path.StartsWith(@"\\", StringComparison.Ordinal))
            path = @"\\?\" + path;
        using var handle = CreateFile(path, 0, ShareAll, 0, OpenExisting, BackupSemantics, 0);
        Span<byte> old = stackalloc byte[HandleInformationBytes];
        if (handle.IsInvalid || !GetFileInformationByHandle(handle, old))
            return null;
        bool folder = (BinaryPrimitives.ReadUInt32LittleEndian(old) & FolderAttribute) != 0,
            regular = !folder && GetFileType(handle) == DiskType;
        // ReFS needs the longer identifier; some network drives only have the shorter one.
        Span<byte> id = stackalloc byte[FileIdInfoBytes];
        return GetFileInformationByHandleEx(handle, FileIdInfo, id, FileIdInfoBytes)
            ? new(BinaryPrimitives.ReadUInt64LittleEndian(id), BinaryPrimitives.ReadUInt128LittleEndian(id[8..]), folder, regular)
            : new(
                BinaryPrimitives.ReadUInt32LittleEndian(old[28..]),
                ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(old[44..]) << 32) | BinaryPrimitives.ReadUInt32LittleEndian(old[48..]),
                folder, regular);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, Span<byte> found);

    [LibraryImport("kernel32", EntryPoint = "CreateFileW", StringMarshalling = StringMarshalling.Utf16)]
    private static partial SafeFileHandle CreateFile(
        string path, uint access, uint share, nint security, uint disposition, uint flags, nint template);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetFileInformationByHandle(SafeFileHandle file, Span<byte> information);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetFileInformationByHandleEx(SafeFileHandle file, int kind, Span<byte> information, uint bytes);

    [LibraryImport("kernel32")]
    private static partial uint GetFileType(SafeFileHandle file);
}

/// <summary>Prevents endless waiting: opening a named pipe blocks until another process writes to it.</summary>
public static class RegularFile
{
    /// <summary>Checks that a path is safe to open. A missing file passes; opening it reports the error.</summary>
    /// <param name="path">A path.</param>
    /// <returns>The path.</returns>
    /// <exception cref="IOException">It is a pipe, a socket or a device.</exception>
    public static string Require(string path) => FileFacts.Of(path) is { IsRegular: false, IsFolder: false }
        ? throw new IOException($"{path} is a pipe, a socket or a device, not a file.")
        : path;
}
