using System.Reflection;
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
    protected override ValueTask<JsonRpcMessage> DispatchRequestAsync(
        JsonRpcRequest request, TargetMethod targetMethod, CancellationToken cancellationToken)
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

/// <summary>
/// Checks the arguments of every call before anything sees them: each is there, of its type, and not null unless it may be. The methods of
/// <see cref="IEngine"/> say what that is, so that a new one is checked without further ado.
/// </summary>
internal sealed class CallCheck
{
    private readonly Dictionary<string, Parameter[]> _methods = [];

    /// <summary>Reads what the methods take.</summary>
    public CallCheck()
    {
        var nullability = new NullabilityInfoContext();
        foreach (var method in typeof(IEngine).GetMethods())
        {
            if (method.GetCustomAttribute<JsonRpcMethodAttribute>()?.Name is not { } name)
                continue;
            _methods[name] =
            [
                .. method
                    .GetParameters()
                    .Where(parameter => parameter.ParameterType != typeof(CancellationToken))
                    .Select(parameter => new Parameter(
                        parameter.Name!, parameter.Position, parameter.ParameterType,
                        nullability.Create(parameter).WriteState == NullabilityState.Nullable)),
            ];
        }
    }

    /// <summary>
    /// What is wrong with a call's arguments; null where nothing is, or where the method is unknown, which the dispatcher tells.
    /// </summary>
    public string? Problem(JsonRpcRequest call) => call is MalformedRequest ? $"{call.Method}: \"params\" is neither an object nor a list."
        : call.Method is not null && _methods.TryGetValue(call.Method, out var parameters)
            ? parameters.Select(parameter => Problem(call, parameter)).FirstOrDefault(problem => problem is not null)
            : null;

    private static string? Problem(JsonRpcRequest call, Parameter parameter)
    {
        string argument = $"{call.Method}: the argument \"{parameter.Name}\"";
        try
        {
            return !call.TryGetArgumentByNameOrIndex(parameter.Name, parameter.Position, parameter.Type, out object? value)
                    ? $"{argument} is missing."
                : value is null && !parameter.MayBeNull ? $"{argument} must not be null."
                : null;
        }
        // Malformed text makes the reader throw more kinds of exceptions than it documents.
        catch (Exception failure)
        {
            return $"{argument} is malformed: {(failure.InnerException ?? failure).Message}";
        }
    }

    private sealed record Parameter(string Name, int Position, Type Type, bool MayBeNull);
}
