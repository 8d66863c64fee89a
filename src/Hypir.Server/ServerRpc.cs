using System.Text.Json;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Transport;
using Microsoft.Extensions.Logging;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace Hypir.Server;

/// <summary>The engine's end of a connection.</summary>
/// <param name="stream">The connection.</param>
/// <param name="check">Checks calls.</param>
/// <param name="log">The log.</param>
internal sealed class ServerRpc(Stream stream, CallCheck check, ILogger log) : JsonRpc(new FramedMessages(stream))
{
    /// <summary>Calls of one client that have not been answered; nobody needs so many, and each takes memory.</summary>
    private const int MostCalls = 64;

    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;
    private volatile bool _leaving;

    /// <summary>Ends when no call waits for its answer.</summary>
    public Task AnsweredAsync()
    {
        _leaving = true;
        if (Volatile.Read(ref _calls) == 0)
            _answered.TrySetResult();
        return _answered.Task;
    }

    /// <inheritdoc/>
    protected override ValueTask<JsonRpcMessage> DispatchRequestAsync(JsonRpcRequest request, TargetMethod targetMethod, CancellationToken cancellationToken)
    {
        if (request.IsResponseExpected && Interlocked.Increment(ref _calls) > MostCalls)
            Dispose();
        if (check.Problem(request) is { } problem)
            throw new JsonException(problem);
        return base.DispatchRequestAsync(request, targetMethod, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void OnResponseSent(JsonRpcMessage response)
    {
        base.OnResponseSent(response);
        if (Interlocked.Decrement(ref _calls) == 0 && _leaving)
            _answered.TrySetResult();
    }

    /// <inheritdoc/>
    protected override JsonRpcError.ErrorDetail CreateErrorDetails(JsonRpcRequest request, Exception exception)
    {
        // Malformed arguments may fail before the call is dispatched, in whatever way.
        if (check.Problem(request) is { } problem)
            return new() { Code = JsonRpcErrorCode.InvalidParams, Message = problem };
        EngineException told = EngineErrors.Of(exception);
        // What comes as an EngineException was logged where it became one.
        if (told.Error == EngineError.Internal && exception is not EngineException)
            log.CallFailed(exception, request.Method);
        return new() { Code = (JsonRpcErrorCode)(int)told.Error, Message = told.Message, Data = told.Details };
    }
}
