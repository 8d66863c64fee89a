using System.Reflection;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Transport;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace Hypir.Server;

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
            _methods[name] = [.. method.GetParameters().Where(parameter => parameter.ParameterType != typeof(CancellationToken)).Select(parameter => new Parameter(
                parameter.Name!, parameter.Position, parameter.ParameterType, nullability.Create(parameter).WriteState == NullabilityState.Nullable))];
        }
    }

    /// <summary>What is wrong with a call's arguments; null where nothing is, or where the method is unknown, which the dispatcher tells.</summary>
    public string? Problem(JsonRpcRequest call) => call is MalformedRequest ? $"{call.Method}: \"params\" is neither an object nor a list."
        : call.Method is not null && _methods.TryGetValue(call.Method, out var parameters)
            ? parameters.Select(parameter => Problem(call, parameter)).FirstOrDefault(problem => problem is not null)
            : null;

    private static string? Problem(JsonRpcRequest call, Parameter parameter)
    {
        string argument = $"{call.Method}: the argument \"{parameter.Name}\"";
        try
        {
            return !call.TryGetArgumentByNameOrIndex(parameter.Name, parameter.Position, parameter.Type, out object? value) ? $"{argument} is missing."
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
