using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hypir.Models.Tests.Support;

/// <summary>
/// A server of HTTP/1.1 on this machine that can do what no server should: it writes bytes to a socket, one request a connection.
/// </summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<Request, Reply, Task> _behave;
    private readonly Task _loop;
    private readonly ConcurrentBag<Task> _connections = [];
    private int _count;

    /// <summary>Starts a server.</summary>
    /// <param name="behave">What it does with each request.</param>
    public TestServer(Func<Request, Reply, Task> behave)
    {
        _behave = behave;
        _listener.Start();
        _loop = AcceptAsync();
    }

    /// <summary>The requests so far.</summary>
    public ConcurrentQueue<Request> Requests { get; } = [];

    /// <summary>The server's address.</summary>
    public string Root => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The address of a file.</summary>
    public Uri File(string name = "file") => new($"{Root}/{name}");

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _loop;
        await Task.WhenAll(_connections);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _connections.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (Exception e) when (
            e is OperationCanceledException or SocketException || (e is InvalidOperationException && _end.IsCancellationRequested))
        {
            // The end, wherever it met the loop.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                if (await ReadAsync(stream) is { } request)
                {
                    Requests.Enqueue(request);
                    await _behave(request, new Reply(stream, _end.Token));
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The client went away, or the test ended.
            }
        }
    }

    private async Task<Request?> ReadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _end.Token) == 0)
                return null;
            head.Append((char)one[0]);
        }

        string[] lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines
            .Skip(1)
            .Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        return new Request(Interlocked.Increment(ref _count) - 1, lines[0].Split(' ')[1], headers);
    }
}
