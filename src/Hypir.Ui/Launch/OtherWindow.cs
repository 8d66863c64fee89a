using System.IO.Pipes;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Hypir.Ui.Launch;

/// <summary>
/// One window for each user: a second <c>hypir ui</c> gives its images to the first one, and opens that. They talk over a pipe that only
/// this user can open; what comes through it has the rights of the user's own command line.
/// </summary>
internal static class OtherWindow
{
    private const int MostBytes = 1 << 20;

    /// <summary>Where no window is, connecting fails at once; one on a busy machine may take its time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>The pipe's name, which belongs to that of the engine.</summary>
    public static string NameFor(string enginePipe) => enginePipe + "-ui";

    /// <summary>Gives images to a running window.</summary>
    /// <returns>An address that opens it once; null if none is running.</returns>
    public static async Task<string?> AskAsync(string pipe, IReadOnlyList<string> files, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            await using var stream = new NamedPipeClientStream(
                ".", pipe, PipeDirection.InOut, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
            await stream.ConnectAsync(TimeSpan.Zero, limit.Token).ConfigureAwait(false);
            await WriteAsync(stream, JsonSerializer.Serialize(files), limit.Token).ConfigureAwait(false);
            return await ReadAsync(stream, limit.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or TimeoutException or SocketException or UnauthorizedAccessException
            || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Answers other runs until cancelled.</summary>
    /// <param name="pipe">The pipe's name.</param>
    /// <param name="take">Takes images and gives an address that opens the window once.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task ServeAsync(string pipe, Func<IReadOnlyList<string>, string> take, CancellationToken cancellation)
    {
        NamedPipeServerStream? next = null;
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await using NamedPipeServerStream stream = next ?? Listen(pipe);
                next = null;
                await stream.WaitForConnectionAsync(cancellation).ConfigureAwait(false);
                // Before the answer: where nobody listens, a third window would take itself for the first.
                next = Listen(pipe);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                limit.CancelAfter(Patience);
                string[] files = JsonSerializer.Deserialize<string[]>(await ReadAsync(stream, limit.Token).ConfigureAwait(false)) ?? [];
                await WriteAsync(stream, take(files), limit.Token).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is IOException or SocketException or JsonException or OperationCanceledException)
            {
                // That one left, or is none of ours. If another window has the name at this moment, it is asked instead.
                if (failure is IOException or SocketException)
                    await Task.Delay(TimeSpan.FromSeconds(1), cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        if (next is not null)
            await next.DisposeAsync().ConfigureAwait(false);
    }

    private static NamedPipeServerStream Listen(string pipe) => new(
        pipe, PipeDirection.InOut, 2, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);

    private static async Task WriteAsync(Stream stream, string text, CancellationToken cancellation)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        await stream.WriteAsync(BitConverter.GetBytes(bytes.Length), cancellation).ConfigureAwait(false);
        await stream.WriteAsync(bytes, cancellation).ConfigureAwait(false);
        await stream.FlushAsync(cancellation).ConfigureAwait(false);
    }

    private static async Task<string> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        byte[] length = new byte[4];
        await stream.ReadExactlyAsync(length, cancellation).ConfigureAwait(false);
        int bytes = BitConverter.ToInt32(length);
        if (bytes is < 0 or > MostBytes)
            throw new IOException("That is no message of a window.");
        byte[] text = new byte[bytes];
        await stream.ReadExactlyAsync(text, cancellation).ConfigureAwait(false);
        return Encoding.UTF8.GetString(text);
    }
}
