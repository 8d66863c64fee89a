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
    /// <summary>The maximum number of unanswered calls of one client. No real client needs as many, and each takes memory.</summary>
    private const int MostCalls = 64;

    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;
    private volatile bool _leaving;

    /// <summary>Completes when no call is pending.</summary>
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
        // Malformed arguments may fail in various ways before the call is dispatched.
        if (check.Problem(request) is { } problem)
            return new() { Code = JsonRpcErrorCode.InvalidParams, Message = problem };
        EngineException told = EngineErrors.Of(exception);
        // An EngineException was already logged where it was created.
        if (told.Error == EngineError.Internal && exception is not EngineException)
            log.CallFailed(exception, request.Method);
        return new() { Code = (JsonRpcErrorCode)(int)told.Error, Message = told.Message, Data = told.Details };
    }
}

/// <summary>
/// Validates the arguments of every call before dispatch: each is present, has the right type, and is null only if allowed. The rules are
/// derived from the methods of <see cref="IEngine"/>, so a new method is checked automatically.
/// </summary>
internal sealed class CallCheck
{
    private readonly Dictionary<string, Parameter[]> _methods = [];

    /// <summary>Reads the parameters of all methods.</summary>
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
    /// Describes what is wrong with a call's arguments. Null if they are valid or the method is unknown (the dispatcher reports that).
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
        // On malformed text, the reader throws more kinds of exceptions than documented.
        catch (Exception failure)
        {
            return $"{argument} is malformed: {(failure.InnerException ?? failure).Message}";
        }
    }

    private sealed record Parameter(string Name, int Position, Type Type, bool MayBeNull);
}
