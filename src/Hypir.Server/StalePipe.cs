using System.Net.Sockets;

namespace Hypir.Server;

/// <summary>
/// Elsewhere than on Windows a named pipe is a socket file, which stays behind when its process is killed and then is in the way of the next one.
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
