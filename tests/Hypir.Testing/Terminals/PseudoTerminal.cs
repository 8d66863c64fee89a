using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Hypir.Testing.Terminals;

/// <summary>
/// A pseudo-terminal of Linux: what one writes to its one end, a program reads at the other, and Ctrl+C is a byte that becomes a signal.
/// </summary>
internal sealed partial class PseudoTerminal : IDisposable
{
    private const int ReadWrite = 2, NoControllingTerminal = 0x100, CloseOnExec = 0x80000;
    private const nuint SetWindowSize = 0x5414;

    private readonly SafeFileHandle _master, _slave;

    /// <summary>Opens one of a size.</summary>
    public PseudoTerminal(int columns, int rows)
    {
        _master = Opened(OpenMaster(ReadWrite | NoControllingTerminal | CloseOnExec));
        int master = (int)_master.DangerousGetHandle();
        var name = new byte[64];
        if (Grant(master) != 0 || Unlock(master) != 0 || NameOf(master, name, (nuint)name.Length) != 0)
            throw new IOException("There is no pseudo-terminal.");
        Name = System.Text.Encoding.UTF8.GetString(name).TrimEnd('\0');
        // As long as this end is open, the other does not hang up between two programs.
        _slave = Opened(Open(Name, ReadWrite | NoControllingTerminal | CloseOnExec));
        Stream = new FileStream(_master, FileAccess.ReadWrite, 1);
        Resize(columns, rows);
    }

    /// <summary>The program's end, as a file.</summary>
    public string Name { get; }

    /// <summary>The other end. Reading ends with an <see cref="IOException"/> when nobody has the program's end open any more.</summary>
    public FileStream Stream { get; }

    /// <summary>Resizes it; the foreground program gets a signal.</summary>
    public void Resize(int columns, int rows)
    {
        var size = new WindowSize((ushort)rows, (ushort)columns, 0, 0);
        if (Control((int)_master.DangerousGetHandle(), SetWindowSize, in size) != 0)
            throw new IOException($"The terminal cannot have {columns} columns and {rows} rows.");
    }

    /// <summary>Lets go of the program's end.</summary>
    public void HangUp() => _slave.Dispose();

    /// <inheritdoc/>
    public void Dispose()
    {
        HangUp();
        Stream.Dispose();
        _master.Dispose();
    }

    private static SafeFileHandle Opened(int descriptor) => descriptor >= 0 ? new(descriptor, ownsHandle: true)
        : throw new IOException($"There is no pseudo-terminal: error {Marshal.GetLastPInvokeError()}.");

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    private static partial int OpenMaster(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt")]
    private static partial int Grant(int master);

    [LibraryImport("libc", EntryPoint = "unlockpt")]
    private static partial int Unlock(int master);

    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    private static partial int NameOf(int master, [Out] byte[] name, nuint length);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(int descriptor, nuint request, in WindowSize size);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct WindowSize(ushort Rows, ushort Columns, ushort Width, ushort Height);
}
