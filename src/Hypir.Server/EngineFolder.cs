using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Hypir.Protocol.Pixels;
using IOPath = System.IO.Path;

namespace Hypir.Server;

/// <summary>
/// The folder of one engine name, readable only by this user: its lock, log, and pixel files. The process that holds the lock is the engine
/// of that name; the system releases the lock however the process ends.
/// </summary>
internal sealed class EngineFolder : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int KeptLogs = 5;

    // The error codes on Windows and Linux for a file that another process holds.
    private const int SharingViolation = 32;
    private const int WouldBlock = 11;

    private readonly FileStream _lock;

    private EngineFolder(string path, FileStream held)
    {
        (Path, _lock) = (path, held);
        Pixels = MakePrivate(IOPath.Combine(path, "pixels"));
        string logs = MakePrivate(IOPath.Combine(path, "logs"));
        LogFile = IOPath.Combine(
            logs, string.Create(CultureInfo.InvariantCulture, $"engine-{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Environment.ProcessId}.log"));
        foreach (string old in Directory.GetFiles(logs, "engine-*.log").OrderDescending(StringComparer.Ordinal).Skip(KeptLogs - 1))
            PixelFile.Delete(old);
        File.WriteAllText(ProcessFile(path), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The folder for pixel files.</summary>
    public string Pixels { get; }

    /// <summary>The log file of this process.</summary>
    public string LogFile { get; }

    /// <summary>Acquires the folder of an engine name.</summary>
    /// <returns>The folder, or null if another engine holds it.</returns>
    /// <exception cref="IOException">The folder cannot be created or used.</exception>
    public static EngineFolder? TryHold(ServeSettings settings)
    {
        string path = MakePrivate(IOPath.Combine(settings.Home, "engine", settings.Pipe));
        try
        {
            return new(path, new FileStream(IOPath.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException failure) when ((failure.HResult & 0xffff) is SharingViolation or WouldBlock)
        {
            return null;
        }
    }

    /// <summary>The process that holds the folder of an engine name, or null if there is no live one.</summary>
    public static int? HolderOf(ServeSettings settings)
    {
        try
        {
            string text = File.ReadAllText(ProcessFile(IOPath.Combine(settings.Home, "engine", settings.Pipe)));
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && IsAlive(id) ? id : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Deletes pixel files left behind by crashed clients and engines.</summary>
    /// <returns>The number of deleted files.</returns>
    public int Sweep()
    {
        string[] stale =
        [
            .. Directory.GetFiles(Pixels).Where(file => PixelFile.OwnerOf(IOPath.GetFileName(file)) is int owner && !IsAlive(owner)),
        ];
        foreach (string file in stale)
            PixelFile.Delete(file);
        return stale.Length;
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static string ProcessFile(string path) => IOPath.Combine(path, "process");

    private static string MakePrivate(string path)
    {
        // On Windows, the user's profile is already private.
        if (OperatingSystem.IsWindows())
            return Directory.CreateDirectory(path).FullName;
        Directory.CreateDirectory(path, Private);
        File.SetUnixFileMode(path, Private);
        return path;
    }

    private static bool IsAlive(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (Exception failure) when (failure is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return true; // The process exists, but we may not inspect it.
        }
    }
}

/// <summary>
/// Outside Windows, a named pipe is a socket file. It survives when its process is killed and would block the next engine.
/// </summary>
internal static class StalePipe
{
    /// <summary>Removes a pipe's socket file if it belongs to this user and no process listens on it.</summary>
    public static void Remove(string name)
    {
        if (OperatingSystem.IsWindows())
            return;
        string path = Path.Combine(Path.GetTempPath(), "CoreFxPipe_" + name);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
        }
        catch (SocketException)
        {
            // Missing, or not ours to delete; listening on the name will report any problem.
        }
    }
}
