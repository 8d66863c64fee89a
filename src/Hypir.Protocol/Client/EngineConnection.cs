using System.IO.Pipes;
using System.Net.Sockets;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Transport;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace Hypir.Protocol.Client;

/// <summary>One connection to an engine, after the handshake.</summary>
internal sealed class EngineConnection : IDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(15);
    private static readonly JsonRpcProxyOptions ByName = new() { ServerRequiresNamedArguments = true };

    private readonly EngineRpc _rpc;

    private EngineConnection(EngineRpc rpc, IEngine engine, EngineEvents events, Welcome welcome) =>
        (_rpc, Engine, Events, Welcome) = (rpc, engine, events, welcome);

    public IEngine Engine { get; }

    public EngineEvents Events { get; }

    public Welcome Welcome { get; }

    /// <summary>The engine's process if this client started it.</summary>
    public EngineProcess? Process { get; set; }

    public bool IsAlive => !_rpc.Completion.IsCompleted;

    /// <summary>Connects to a running engine.</summary>
    /// <returns>The connection, or null if no engine answers.</returns>
    /// <exception cref="EngineException">The engine belongs to another user, speaks another version, or does not answer in
    /// time.</exception>
    public static async Task<EngineConnection?> TryOpenAsync(EngineClientOptions options, TimeSpan patience, CancellationToken cancellation)
    {
        var pipe = new NamedPipeClientStream(
            ".", options.Pipe, PipeDirection.InOut, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        try
        {
            await pipe.ConnectAsync(patience, cancellation).ConfigureAwait(false);
            return await GreetAsync(pipe, options, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            await pipe.DisposeAsync().ConfigureAwait(false);
            if (failure is UnauthorizedAccessException or SocketException { SocketErrorCode: SocketError.AccessDenied })
                throw Foreign(options.Pipe, failure);
            if (failure is TimeoutException or SocketException || EngineRpc.IsLoss(failure))
                return null;
            throw;
        }
    }

    /// <summary>Waits a limited time for the engine's process to end: an engine may also have disconnected and live on.</summary>
    public async Task<EngineEnd> EndAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(EndLimit);
        int? code = null;
        try
        {
            if (Process is not null)
            {
                code = await Process.Exit.WaitAsync(limit.Token).ConfigureAwait(false);
            }
            else if (Running() is { } other)
            {
                using (other)
                    await other.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // It is still alive.
        }
        return new(code, [.. LastLines.OfFile(Welcome.LogFile), .. Process?.Errors ?? []]);
    }

    /// <summary>Kills the engine's process.</summary>
    public void Kill()
    {
        try
        {
            using System.Diagnostics.Process? process = Running();
            process?.Kill(entireProcessTree: true);
        }
        catch (Exception failure) when (failure is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has already ended.
        }
    }

    public void Dispose() => _rpc.Dispose();

    private System.Diagnostics.Process? Running()
    {
        try
        {
            return System.Diagnostics.Process.GetProcessById(Welcome.ProcessId);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static async Task<EngineConnection> GreetAsync(
        NamedPipeClientStream pipe, EngineClientOptions options, CancellationToken cancellation)
    {
        var rpc = new EngineRpc(pipe);
        var events = new EngineEvents(TimeProvider.System);
        rpc.AddLocalRpcTarget(events);
        IEngine engine = rpc.Attach<IEngine>(ByName);
        rpc.StartListening();
        try
        {
            Welcome welcome = await engine.HelloAsync(ProtocolVersion.Current, options.Name, cancellation)
                .WaitAsync(options.HandshakeLimit, cancellation).ConfigureAwait(false);
            return new(rpc, engine, events, welcome);
        }
        catch (TimeoutException failure)
        {
            rpc.Dispose();
            throw new EngineException(EngineError.EngineUnresponsive, "The engine accepts connections but does not answer.",
                new("End the process hypir and try again."), failure);
        }
        catch (Exception failure) when (EngineRpc.Translate(failure) is { } known)
        {
            rpc.Dispose();
            throw known;
        }
    }

    private static EngineException Foreign(string pipe, Exception failure) => new(EngineError.ForeignPipe,
        $"A program of another user answers under the engine's name \"{pipe}\"; nothing was sent to it.",
        new("Ask who administers this machine which program that is."), failure);
}

/// <summary>The client's end of a connection.</summary>
internal sealed class EngineRpc(Stream stream) : JsonRpc(new FramedMessages(stream))
{
    /// <summary>Converts an exception of a call to the protocol's terms; null if the connection was lost.</summary>
    public static EngineException? Translate(Exception failure) => failure switch
    {
        EngineException known => known,
        _ when IsLoss(failure) => null,
        RemoteInvocationException remote => new(
            Enum.IsDefined((EngineError)remote.ErrorCode) ? (EngineError)remote.ErrorCode : EngineError.Internal,
            remote.Message, remote.DeserializedErrorData as ErrorDetails, remote),
        RemoteRpcException remote => new(EngineError.VersionMismatch, $"The engine does not understand this program: {remote.Message}",
            new("Update Hypir and the programs that use it to the same version."), remote),
        _ => null,
    };

    /// <summary>Whether an exception means that the connection was lost.</summary>
    public static bool IsLoss(Exception failure) => failure is ConnectionLostException or ObjectDisposedException or IOException;

    protected override Type? GetErrorDetailsDataType(JsonRpcError error) => typeof(ErrorDetails);
}

/// <summary>How an engine ended unexpectedly.</summary>
/// <param name="ExitCode">Its exit code, or null if another program had started it.</param>
/// <param name="LastLines">The last lines of its error stream and its log, for a report.</param>
public sealed record EngineEnd(int? ExitCode, IReadOnlyList<string> LastLines)
{
    /// <summary>A one-sentence description for people.</summary>
    public override string ToString() => ExitCode is int code
        ? $"The engine ended unexpectedly (exit code {code})."
        : "The engine ended unexpectedly.";
}
