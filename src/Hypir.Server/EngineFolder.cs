using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Hypir.Protocol.Pixels;
using IOPath = System.IO.Path;

namespace Hypir.Server;

/// <summary>
/// The folder of one engine name: its lock, its log, the pixel files. Only this user can look into it. Holding it means to be the one
/// engine of this name; the system lets go of it however the process ends.
/// </summary>
internal sealed class EngineFolder : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int KeptLogs = 5;

    // How Windows and Linux say that another process holds a file.
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

    /// <summary>Where pixel files are exchanged.</summary>
    public string Pixels { get; }

    /// <summary>This process's log.</summary>
    public string LogFile { get; }

    /// <summary>Takes the folder of an engine name.</summary>
    /// <returns>The folder, or null where another engine holds it.</returns>
    /// <exception cref="IOException">The folder cannot be made or used.</exception>
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

    /// <summary>The process that holds the folder of an engine name, or null where none is alive.</summary>
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

    /// <summary>Deletes pixel files whose owners are gone: those of crashed clients and engines.</summary>
    /// <returns>How many.</returns>
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
        // On Windows the user's profile is private already.
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
            return true; // It is there, but not ours to look at.
        }
    }
}

/// <summary>
/// Elsewhere than on Windows a named pipe is a socket file, which stays behind when its process is killed and then is in the way of the
/// next one.
/// </summary>
internal static class StalePipe
{
    /// <summary>Removes the file of a pipe if it is this user's and nobody answers on it.</summary>
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
            // There is none, or it is not ours to touch: taking the name will tell.
        }
    }
}
