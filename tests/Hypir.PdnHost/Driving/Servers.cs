using Hypir.Models.Tests.Support;

namespace Hypir.PdnHost.Driving;

/// <summary>Servers on this machine, which answer while the dialog's thread is busy.</summary>
internal static class Servers
{
    private const int Given = 60_000_000, Promised = 146_372_650;
    private const int Piece = 32 << 10;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);

    /// <summary>One with the given behavior, on a thread of its own.</summary>
    public static TestServer Start(Func<Request, Reply, Task> behave) => Task.Run(() => new TestServer(behave)).GetAwaiter().GetResult();

    /// <summary>
    /// One that gives the beginning of every file and keeps the rest back: what downloads from it is under way for as long as one looks.
    /// </summary>
    public static TestServer Holding() => Start(async (_, reply) =>
    {
        await reply.HeadAsync("200 OK", $"Content-Length: {Promised}").ConfigureAwait(false);
        await reply.BodyAsync(new byte[Given]).ConfigureAwait(false);
        await reply.StallAsync().ConfigureAwait(false);
    });

    /// <summary>Gives a file from where it is asked for, as slowly as a slow line, so that one can see it come.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="content">The file.</param>
    /// <param name="until">The byte at which nothing more comes; the file's length for all of it.</param>
    public static async Task SlowlyAsync(this Reply reply, Request request, ReadOnlyMemory<byte> content, int until)
    {
        int from = (int)(request.From ?? 0);
        await reply.FileAsync(request, content, bytes: 0).ConfigureAwait(false);
        using var beat = new PeriodicTimer(Beat);
        for (; from < until; from += Piece)
        {
            await reply.BodyAsync(content[from..Math.Min(from + Piece, until)]).ConfigureAwait(false);
            await beat.WaitForNextTickAsync().ConfigureAwait(false);
        }
        if (until < content.Length)
            await reply.StallAsync().ConfigureAwait(false);
    }
}
