using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hypir.PdnHost.Driving;

/// <summary>A server on this machine that gives the beginning of every file and keeps the rest back: what downloads from it is under way for as long as one looks.</summary>
internal sealed class HoldingServer : IDisposable
{
    private const int Given = 60_000_000;
    private const int Promised = 146_372_650;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();

    public HoldingServer()
    {
        _listener.Start();
        _ = Task.Run(AcceptAsync);
    }

    public string Root => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        CancellationToken end = _end.Token;
        while (!end.IsCancellationRequested)
        {
            try
            {
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync(end).ConfigureAwait(false), end);
            }
            catch (Exception gone) when (gone is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Nobody looks any more, or whoever called has left already.
            }
        }
    }

    private static async Task AnswerAsync(TcpClient client, CancellationToken end)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                _ = await stream.ReadAsync(new byte[1 << 16], end).ConfigureAwait(false);
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: {Promised}\r\nConnection: close\r\n\r\n"), end).ConfigureAwait(false);
                await stream.WriteAsync(new byte[Given], end).ConfigureAwait(false);
                _ = await stream.ReadAsync(new byte[1], end).ConfigureAwait(false); // Until the other side leaves.
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException)
            {
                // It has left.
            }
        }
    }
}
